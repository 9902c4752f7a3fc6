"""Replies of JSON held against the schema that /openapi.json has for their route."""
import copy
import json
import re

import jsonschema
import requests

LARGEST = 200_000  # octets of a list that is checked whole; of a larger one some records are
SOME = 8
ANY = {400, 401, 403, 405, 408, 413, 414, 426, 429, 431, 503}  # what any path may answer; 404 in one behind a record
PLAIN = 'json', 'cmd', 'jcmd'  # the extensions whose names and layout are the schema's own
LINES = 'ekjson', 'itjson'
FORMATS = (*PLAIN, *LINES, 'prettyjson', 'tjson')


def close_records(schemas):
    """A record has no members but those of its table."""
    for schema in schemas.values():
        schema['additionalProperties'] = False
    return schemas


def flat(schemas):
    """The same with the names that `tjson` has."""
    for schema in schemas.values():
        schema['properties'] = {name.replace('.', '_'): inner for name, inner in schema['properties'].items()}
    return schemas


def extensions(operation):
    """Those that a route takes."""
    return next((p['schema']['enum'] for p in operation.get('parameters', ()) if p['name'] == 'extension'), FORMATS)


def path_pattern(path, formats=FORMATS):
    steps = re.split(r'(\{\w+\})', path)
    return re.compile(''.join(
        '(?P<extension>%s)' % '|'.join(formats) if s == '{extension}' else '[^/]+' if s.startswith('{') else re.escape(s)
        for s in steps))


def without_descriptions(value):
    if isinstance(value, dict):
        return {k: without_descriptions(v) for k, v in value.items() if not k.startswith('description.')}
    return [without_descriptions(v) for v in value] if isinstance(value, list) else value


def lists(schema):
    """The schemas of lists in that of a reply: itself, one of a page, or one in a wrapper."""
    if schema.get('type') == 'array':
        yield schema
    for inner in (*schema.get('anyOf', ()), schema.get('additionalProperties')):
        if isinstance(inner, dict):
            yield from lists(inner)


def line(schema):
    """The schema of a line: of the whole, or of what an object holds."""
    held = schema.get('additionalProperties')
    return {'anyOf': [schema, held]} if isinstance(held, dict) else schema


def read(text, extension):
    """The reply as its schema has it, whatever its format."""
    if extension not in LINES:
        value = json.loads(text)
        return without_descriptions(value) if extension == 'prettyjson' else value
    return [json.loads(line) for line in text.splitlines()]


class ReplySchemas:
    """The validators of a document, each made when its route is first asked for."""

    def __init__(self, document):
        self.components = {'schemas': close_records(copy.deepcopy(document['components']['schemas']))}
        self.flat = {'schemas': flat(copy.deepcopy(self.components['schemas']))}
        self.routes, self.refusals = [], []
        self.validators = {}
        for path, item in document['paths'].items():
            for method, operation in item.items():
                content = operation.get('responses', {}).get('200', {}).get('content', {})
                self.refusals.append((method, path, re.compile(path_pattern(path, extensions(operation)).pattern + '(/.*)?'),
                                      {s for s in operation['responses'] if s.isdigit()}))
                self.routes.append((method, path, path_pattern(path), content.get('application/json', {}).get('schema')))

    def route(self, path, method='get'):
        """(path of the route, its schema) of a path; (None, None) when no schema is told for it."""
        path = re.sub('/+', '/', path.partition('?')[0])
        for of, route, pattern, schema in self.routes:
            if of == method and pattern.fullmatch(path):
                return (route, schema) if schema else (None, None)
        return None, None

    def check_status(self, path, status, method='get'):
        """A status that not any path may answer is told of its route; what a plugin answers, it decides alone."""
        path = re.sub('/+', '/', path.partition('?')[0])
        if path.startswith('/plugin-'):
            return
        told = [statuses for of, _, pattern, statuses in self.refusals if of == method and pattern.fullmatch(path)]
        if told and status not in ANY and str(status) not in set.union(*told):
            raise AssertionError(f'{path} answers {status}, which /openapi.json does not tell of it')

    def find(self, path, method='get'):
        """(route, validator) of a path; (None, None) when no schema is told for it."""
        route, schema = self.route(path, method)
        if route is None:
            return None, None
        extension = path.partition('?')[0].rpartition('.')[2]
        kind = extension if extension in (*LINES, 'tjson') else 'json'
        if (method, route, kind) not in self.validators:
            if kind in LINES:
                schema = next(lists(schema), {'type': 'array', 'items': line(schema)})
            components = self.flat if kind == 'tjson' else self.components
            self.validators[method, route, kind] = jsonschema.Draft202012Validator(
                {**schema, 'components': components})
        return route, self.validators[method, route, kind]

    def check(self, path, value, method='get'):
        route, validator = self.find(path, method)
        error = validator and jsonschema.exceptions.best_match(validator.iter_errors(value))
        if error:
            where = '/'.join(map(str, error.absolute_path))
            raise AssertionError(f'{path} is not as /openapi.json has {route}: at "{where}": {error.message[:500]}')
        return route


known = None  # the schemas of the program under test, from the first server that shows them


def selects(path, asked):
    """True when the client chose the members, or gave a body that may."""
    asked = [asked.get('json'), asked.get('data'), (asked.get('params') or {}), path]
    return any(word in str(part) for part in asked for word in ("'fields'", '"fields"', 'fields%22'))


def check_reply(url, path, reply, asked, method='get'):
    """Fails when a reply is not as its route's schema says. Selections, whose members are the client's, and
    what is no JSON are left alone."""
    global known
    if not asked.get('stream') and reply.headers.get('Content-Type', '').startswith('application/json'):
        json.loads(reply.text)  # what calls itself JSON is
    extension = path.partition('?')[0].rpartition('.')[2]
    refused = reply.status_code >= 400
    if not refused and (reply.status_code != 200 or asked.get('stream') or selects(path, asked) or
                        extension not in FORMATS):
        return None
    if known is None:
        document = requests.get(url + '/openapi.json', timeout=20, headers={'Connection': 'close'},
                                auth=asked.get('auth'), verify=asked.get('verify', True))
        if document.status_code != 200:
            return None
        known = ReplySchemas(document.json())
    if refused:
        known.check_status(path, reply.status_code, method)
        return None
    if known.find(path, method)[0] is None:
        return None
    value = read(reply.text, extension)
    if isinstance(value, list) and len(reply.content) > LARGEST:
        value = value[:SOME]
    elif len(reply.content) > 4 * LARGEST:
        return None
    return known.check(path, value, method)
