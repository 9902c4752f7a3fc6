// Reads an OpenAPI document from standard input and says what the specification's own schema finds wrong with it.
// Exit 77: the validator is not installed.
import { readFileSync } from 'node:fs';

const { Validator } = await import('@seriousme/openapi-schema-validator').catch(() => process.exit(77));
const validator = new Validator();
const { valid, errors } = await validator.validate(JSON.parse(readFileSync(0, 'utf8')));
if (valid && validator.version !== '3.1') console.error(`it is of version ${validator.version}`);
if (!valid) console.error(JSON.stringify(errors, null, 1));
process.exit(valid && validator.version === '3.1' ? 0 : 1);
