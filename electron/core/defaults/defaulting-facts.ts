// Owns what defaulting is told beside the object itself.
// Must not gather anything.
import type { PreferenceSpec } from '../../api/kinds/preference.ts';

export interface DefaultingFacts {
  /** A fresh UUID: the identity of an object that brings none. */
  readonly uuid: string;
  /** KubeVirt's name of this computer's architecture. */
  readonly architecture: 'amd64' | 'arm64';
  /** True when the object is stored already: an identity that its owner left out is then not made up anew. */
  readonly update?: boolean;
  /** What the machine's preference says, when it names one. */
  readonly preference?: PreferenceSpec;
}

/** One concern. Returns the same object when it has nothing to add, and adds nothing twice. */
export type DefaultRule<Subject> = (subject: Subject, facts: DefaultingFacts) => Subject;

export function applied<Subject>(rules: readonly DefaultRule<Subject>[], subject: Subject, facts: DefaultingFacts): Subject {
  return rules.reduce((current, rule) => rule(current, facts), subject);
}
