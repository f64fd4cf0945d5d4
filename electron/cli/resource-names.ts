// Owns how a user names things: `vm`, `vm/web`, `virtualmachines.kubevirt.io web`, and the API path that is meant.
// Must not send anything.
import { apiVersionOf, type Kind, resourceId } from '../api/kinds/kind.ts';
import { kinds } from '../api/kinds/registry.ts';

/** A refusal of the command line itself: what was wrong and how to write it. */
export class UsageError extends Error {}

export interface Named {
  readonly kind: Kind;
  readonly name?: string;
}

export function kindByWord(word: string): Kind {
  const wanted = word.toLowerCase();
  const found = kinds.find((kind) =>
    [kind.plural, kind.singular, kind.kind.toLowerCase(), resourceId(kind), `${kind.singular}.${kind.group}`, ...kind.shortNames].includes(
      wanted,
    ),
  );
  if (found === undefined) throw new UsageError(`the server doesn't have a resource type "${word}"`);
  return found;
}

/** `vm web db`, `vm/web dv/web`, `vm,dv`, `vm`, `all`. */
export function parseNames(words: readonly string[]): readonly Named[] {
  const [first, ...rest] = words;
  if (first === undefined) throw new UsageError('You must specify the type of resource, such as vm, or TYPE/NAME.');
  if (words.some((word) => word.includes('/'))) {
    return words.map((word) => {
      const [type, name, ...more] = word.split('/');
      if (type === undefined || name === undefined || name === '' || more.length > 0) {
        throw new UsageError(
          'there is no need to specify a resource type as a separate argument when passing arguments in resource/name form',
        );
      }
      return { kind: kindByWord(type), name };
    });
  }
  return first.split(',').flatMap((type) => {
    const inCategory = kinds.filter(({ categories }) => categories.includes(type.toLowerCase()));
    const meant = inCategory.length > 0 ? inCategory : [kindByWord(type)];
    return meant.flatMap((kind): Named[] => (rest.length === 0 ? [{ kind }] : rest.map((name) => ({ kind, name }))));
  });
}

/** `/apis/kubevirt.io/v1/namespaces/default/virtualmachines/web`; all namespaces when `namespace` is undefined. */
export function pathOf({ kind, name }: Named, namespace: string | undefined): string {
  const group = kind.group === '' ? `/api/${kind.version}` : `/apis/${apiVersionOf(kind)}`;
  const scope = kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${group}${scope}/${kind.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** `virtualmachine.kubevirt.io/web`, as kubectl prints it. */
export function printedName(kind: Kind, name: string): string {
  return `${printedType(kind)}/${name}`;
}

export function printedType(kind: Kind): string {
  return `${kind.singular}${kind.group === '' ? '' : `.${kind.group}`}`;
}

export function subresourcePath(
  plural: 'virtualmachines' | 'virtualmachineinstances',
  place: { namespace: string; name: string },
  subresource: string,
): string {
  return `/apis/subresources.kubevirt.io/v1/namespaces/${encodeURIComponent(place.namespace)}/${plural}/${encodeURIComponent(place.name)}/${subresource}`;
}
