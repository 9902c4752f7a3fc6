"""Replies of JSON held against the schema that /openapi.json has for their route."""
import copy
import re

import jsonschema
import requests

LARGEST = 200_000  # octets of a reply that is still checked
PLAIN = 'json', 'cmd', 'jcmd'  # the extensions whose names and layout are the schema's own


def close_records(schemas):
    """A record has no members but those of its table."""
    for schema in schemas.values():
        schema['additionalProperties'] = False
    return schemas


def path_pattern(path):
    steps = re.split(r'(\{\w+\})', path)
    return re.compile(''.join(
        '(?P<extension>%s)' % '|'.join(PLAIN) if s == '{extension}' else '[^/]+' if s.startswith('{') else re.escape(s)
        for s in steps))


class ReplySchemas:
    """The validators of a document, each made when its route is first asked for."""

    def __init__(self, document):
        self.components = {'schemas': close_records(copy.deepcopy(document['components']['schemas']))}
        self.routes = []
        self.validators = {}
        for path, item in document['paths'].items():
            content = item.get('get', {}).get('responses', {}).get('200', {}).get('content', {})
            if 'get' in item:
                self.routes.append((path, path_pattern(path), content.get('application/json', {}).get('schema')))

    def find(self, path):
        """(route, validator) of a path; (None, None) when no schema is told for it."""
        path = re.sub('/+', '/', path.partition('?')[0])
        for route, pattern, schema in self.routes:
            if pattern.fullmatch(path):
                if schema is None:
                    break
                if route not in self.validators:
                    self.validators[route] = jsonschema.Draft202012Validator(
                        {**schema, 'components': self.components})
                return route, self.validators[route]
        return None, None

    def check(self, path, value):
        route, validator = self.find(path)
        error = validator and jsonschema.exceptions.best_match(validator.iter_errors(value))
        if error:
            where = '/'.join(map(str, error.absolute_path))
            raise AssertionError(f'{path} is not as /openapi.json has {route}: at "{where}": {error.message[:500]}')
        return route


known = None  # the schemas of the program under test, from the first server that shows them


def check_reply(url, path, reply, asked):
    """Fails when the reply to a GET is not as its route's schema says. Selections, whose members are the
    client's, and what is no JSON are left alone."""
    global known
    selects = 'json' in asked or 'data' in asked or 'json' in (asked.get('params') or {}) or 'json=' in path
    if reply.status_code != 200 or asked.get('stream') or selects or len(reply.content) > LARGEST:
        return None
    if path.partition('?')[0].rpartition('.')[2] not in PLAIN:
        return None
    if known is None:
        document = requests.get(url + '/openapi.json', timeout=20, headers={'Connection': 'close'},
                                verify=asked.get('verify', True))
        if document.status_code != 200:
            return None
        known = ReplySchemas(document.json())
    return known.check(path, reply.json()) if known.find(path)[0] else None
