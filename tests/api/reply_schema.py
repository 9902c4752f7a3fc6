"""Replies of JSON held against the schema that /openapi.json has for their route.

The schemas of all routes are compiled to one module of Python, which stays in the build folder for the tests that come
after: a test asks for a few replies, and neither reads the schemas nor imports the validator that explains a fault."""
import copy
import functools
import hashlib
import importlib.util
import json
import os
import pathlib
import py_compile
import re

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


def bare(schema):
    """Without what is for readers and forbids nothing."""
    if isinstance(schema, list):
        return [bare(s) for s in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {k: bare(v) for k, v in schema.items()
              if not (isinstance(v, str) and (k == 'description' or k.startswith('x-')))}
    assert '$ref' not in schema or len(schema) == 1, 'the compiler reads nothing beside a reference'
    return schema


def load(path):
    spec = importlib.util.spec_from_file_location('replies', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.validate


def compile_to(path, schema):
    import fastjsonschema

    path.parent.mkdir(parents=True, exist_ok=True)
    source = path.with_suffix(f'.{os.getpid()}.py')
    source.write_text(fastjsonschema.compile_to_code(bare(schema)))
    py_compile.compile(source, path)  # moves it to its path: another test may be at it, too
    source.unlink()


@functools.cache
def compiled(text):
    """A function that raises an error for what is not as the schema says; from the build folder where it is there."""
    folder = pathlib.Path(os.environ['NORN']).absolute().parent / 'meson-logs' / 'schemas'
    path = folder / f'{hashlib.sha256(text.encode()).hexdigest()[:16]}.pyc'
    if not path.exists():
        compile_to(path, json.loads(text))
    return load(path)


class ReplySchemas:
    """The schemas of a document, compiled when the first reply is held against them."""

    def __init__(self, document):
        self.components = {'schemas': close_records(copy.deepcopy(document['components']['schemas']))}
        self.routes, self.refusals = [], []
        self.validators = {}
        for path, item in document['paths'].items():
            for method, operation in item.items():
                content = operation.get('responses', {}).get('200', {}).get('content', {})
                self.refusals.append((method, path, re.compile(path_pattern(path, extensions(operation)).pattern + '(/.*)?'),
                                      {s for s in operation['responses'] if s.isdigit()}))
                self.routes.append((method, path, path_pattern(path), content.get('application/json', {}).get('schema')))

    def route(self, path, method='get'):
        """(path of the route, its number) of a path; (None, None) when it has no schema."""
        path = re.sub('/+', '/', path.partition('?')[0])
        for number, (of, route, pattern, schema) in enumerate(self.routes):
            if of == method and pattern.fullmatch(path):
                return (route, number) if schema else (None, None)
        return None, None

    def check_status(self, path, status, method='get'):
        """A status that not every path may answer is in the list of its route; what a plugin answers, it decides alone."""
        path = re.sub('/+', '/', path.partition('?')[0])
        if path.startswith('/plugin-'):
            return
        reported = [statuses for of, _, pattern, statuses in self.refusals if of == method and pattern.fullmatch(path)]
        if reported and status not in ANY and str(status) not in set.union(*reported):
            raise AssertionError(f'{path} answers {status}, which /openapi.json does not list')

    def schemas(self, flat_names):
        """One schema for all: an object with a member for each kind of reply and route (by its number)."""
        members = {}
        for i, (_, _, _, schema) in enumerate(self.routes):
            if schema and flat_names:
                members[f'tjson {i}'] = schema
            elif schema:
                members[f'json {i}'] = schema
                members[f'lines {i}'] = next(lists(schema), {'type': 'array', 'items': line(schema)})
        components = {'schemas': flat(copy.deepcopy(self.components['schemas']))} if flat_names else self.components
        return {'type': 'object', 'properties': members, 'components': components}

    def find(self, path, method='get'):
        """(route, its member in the schema) of a path; (None, None) when it has no schema."""
        route, number = self.route(path, method)
        extension = path.partition('?')[0].rpartition('.')[2]
        kind = 'lines' if extension in LINES else 'tjson' if extension == 'tjson' else 'json'
        return (route, f'{kind} {number}') if route else (None, None)

    def check(self, path, value, method='get'):
        route, member = self.find(path, method)
        if not route:
            return None
        flat_names = member.startswith('tjson')
        if flat_names not in self.validators:
            self.validators[flat_names] = compiled(json.dumps(self.schemas(flat_names)))
        try:
            self.validators[flat_names]({member: value})
        except ValueError as fault:
            where, what = explain(self.schemas(flat_names), member, value) or ('', str(fault))
            raise AssertionError(f'{path} is not as /openapi.json has {route}: at "{where}": {what[:500]}') from None
        return route


def explain(schema, member, value):
    """(where, what) is wrong: the compiled schema says of a choice only that none of it fits."""
    import jsonschema

    validator = jsonschema.Draft202012Validator({**schema['properties'][member], 'components': schema['components']})
    error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    return error and ('/'.join(map(str, error.absolute_path)), error.message)


known = None  # the schemas of the program under test, from the first server that shows them


def selects(path, asked):
    """True when the client chose the members, or gave a body that may."""
    asked = [asked.get('json'), asked.get('data'), (asked.get('params') or {}), path]
    return any(word in str(part) for part in asked for word in ("'fields'", '"fields"', 'fields%22', 'fields='))


def check_reply(url, path, reply, asked, method='get'):
    """Fails when a reply is not as its route's schema says. Selections, whose members are the client's, and
    what is no JSON are left alone."""
    global known
    if reply.encoding is None:
        reply.encoding = 'utf-8'  # RFC 8259, 8.1, also of lines; requests would look at each octet in six ways
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
