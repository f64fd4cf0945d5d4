// Owns YAML: reading one document the way a Kubernetes cluster reads it, and writing answers.
// Must not accept what a cluster would read as something else.
import { type Document, isAlias, isScalar, parseAllDocuments, type ScalarTag, stringify, visit } from 'yaml';
import { AppError } from '../api/errors.ts';

// kubectl and the API server read YAML 1.1 by Go's rules: `yes` is true and 0644 is octal, but `1:30` stays text.
const goBooleans: readonly ScalarTag[] = [
  { tag: 'tag:yaml.org,2002:bool', default: true, test: /^(?:y|Y|yes|Yes|YES|on|On|ON)$/, resolve: () => true },
  { tag: 'tag:yaml.org,2002:bool', default: true, test: /^(?:n|N|no|No|NO|off|Off|OFF)$/, resolve: () => false },
];
const goOctal: ScalarTag = { tag: 'tag:yaml.org,2002:int', default: true, test: /^[-+]?0[0-7]+$/, resolve: (text) => parseInt(text, 8) };

/** More than a manifest needs; a bomb needs far more. */
const maxAliases = 100;

/** The value of the one document in `text`. Throws BadRequest with line and column. */
export function parseYaml(text: string): unknown {
  const document = onlyDocument(text);
  // A warning is a tag that nobody knows: its value would be guessed.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw badYaml(problem.message);
  checkNodes(document);
  try {
    return document.toJS({ maxAliasCount: maxAliases }) as unknown;
  } catch (error) {
    throw badYaml(error instanceof Error ? error.message : String(error));
  }
}

function checkNodes(document: Document): void {
  let aliases = 0;
  visit(document, {
    Alias: () => {
      if (++aliases > maxAliases) throw badYaml(`more than ${maxAliases} aliases`);
    },
    Pair: (_, { key }) => {
      if (!isScalar(key) && !isAlias(key)) throw badYaml('a list or a map cannot be the name of a field');
    },
  });
}

function onlyDocument(text: string): Document {
  const documents = parse(text).filter(({ contents, errors }) => errors.length > 0 || !isEmpty(contents));
  const [document, second] = documents;
  if (document === undefined) throw badYaml('the document is empty');
  if (second !== undefined) throw badYaml(`one object a request, but there are ${documents.length} documents`);
  return document;
}

function isEmpty(contents: Document['contents']): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function parse(text: string): readonly Document[] {
  try {
    const found = parseAllDocuments(text, {
      merge: true,
      customTags: (tags) => [...goBooleans, goOctal, ...tags],
      logLevel: 'silent',
    });
    return Array.isArray(found) ? found : [];
  } catch (error) {
    // The composer recurses: a wall of brackets ends its stack.
    if (error instanceof RangeError) throw badYaml(tooDeep);
    throw error;
  }
}

const tooDeep = 'it is nested too deeply';

/** `found` may go on with an excerpt of the text after its first line. */
function badYaml(found: string): AppError {
  const [first = ''] = found.split('\n');
  const why = /call stack/.test(first) ? tooDeep : first.replace(/:$/, '');
  const message = `error converting YAML to JSON: ${why}`;
  return new AppError('BadRequest', message, {
    causes: [{ reason: 'FieldValueInvalid', field: '<root>', message: why, fix: 'Correct the YAML there.' }],
  });
}

/** An answer made for JSON, written as YAML. */
export function yamlText(json: string): string {
  return stringify(JSON.parse(json));
}
