// Owns the rules of metadata that hold for every kind.
// Must not check what the server itself sets (uid, resourceVersion, timestamps).
import type { Cause } from '../../api/errors.ts';
import type { DraftObject } from '../../api/object.ts';
import { labelNameErrors, labelValueErrors, qualifiedNameErrors, subdomainErrors } from './names.ts';
import { invalid, required } from './rule.ts';

type Metadata = DraftObject['metadata'];

// Kubernetes' TotalAnnotationSizeLimitB.
const maxAnnotationBytes = 256 * 1024;

export function metadataCauses(metadata: Metadata, nameIs: 'label' | 'subdomain'): Cause[] {
  return [
    ...nameCauses(metadata, nameIs),
    ...labelCauses(metadata.labels ?? {}, 'metadata'),
    ...annotationCauses(metadata.annotations ?? {}, 'metadata'),
  ];
}

function nameCauses({ name, generateName }: Metadata, nameIs: 'label' | 'subdomain'): Cause[] {
  const errorsOf = nameIs === 'label' ? labelNameErrors : subdomainErrors;
  const fix = "Use lower case letters, digits and '-', beginning and ending with a letter or digit.";
  if (name !== undefined && name !== '')
    return errorsOf(name).map((error) => invalid('metadata.name', `Invalid value: ${JSON.stringify(name)}: ${error}`, fix));
  if (generateName === undefined || generateName === '')
    return [required('metadata.name', 'Required value: name or generateName is required', 'Give the object a name.')];
  // The suffix that will follow makes a trailing dash legal.
  return errorsOf(`${generateName}x`).map((error) =>
    invalid('metadata.generateName', `Invalid value: ${JSON.stringify(generateName)}: ${error}`, fix),
  );
}

const keyFix = "Use letters, digits, '-', '_' and '.', with an optional prefix before '/'.";
const valueFix = "Use at most 63 letters, digits, '-', '_' and '.'; for longer texts an annotation.";

/** `path` is where the metadata stands: `metadata` or `spec.template.metadata`. */
export function labelCauses(labels: Readonly<Record<string, string>>, path: string): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...qualifiedNameErrors(key).map((error) => invalid(`${path}.labels`, `Invalid value: ${JSON.stringify(key)}: ${error}`, keyFix)),
    ...labelValueErrors(value).map((error) => invalid(`${path}.labels`, `Invalid value: ${JSON.stringify(value)}: ${error}`, valueFix)),
  ]);
}

export function annotationCauses(annotations: Readonly<Record<string, string>>, path: string): Cause[] {
  const size = Object.entries(annotations).reduce((total, [key, value]) => total + key.length + value.length, 0);
  return [
    ...Object.keys(annotations).flatMap((key) =>
      // Annotation keys may be upper case in their prefix; label keys may not.
      qualifiedNameErrors(key.toLowerCase()).map((error) =>
        invalid(`${path}.annotations`, `Invalid value: ${JSON.stringify(key)}: ${error}`, keyFix),
      ),
    ),
    ...(size > maxAnnotationBytes
      ? [invalid(`${path}.annotations`, `Too long: may not be more than ${maxAnnotationBytes} bytes`, 'Keep large data in a Secret.')]
      : []),
  ];
}
