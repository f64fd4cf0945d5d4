// Owns what a machine may write to name its instance type or preference, and which kind that means (KubeVirt v1.9.0, webhooks/vm/mutator.go).
// Must not look anything up.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineSpec } from '../../api/kinds/virtual-machine.ts';
import type { ResourceId } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { cause, invalid } from '../validate/rule.ts';

export type Matcher = NonNullable<VirtualMachineSpec['instancetype']>;
export type MatcherName = 'instancetype' | 'preference';
export const matcherNames: readonly MatcherName[] = ['instancetype', 'preference'];

/** What upstream's sentences call it. */
const goNames: Readonly<Record<MatcherName, string>> = { instancetype: 'InstancetypeMatcher', preference: 'PreferenceMatcher' };

/** Singular or plural, in any case; without a kind it is one of all projects. */
const kindsNamed: Readonly<Record<MatcherName, ReadonlyMap<string, ResourceId>>> = {
  instancetype: new Map([
    ['virtualmachineinstancetype', resources.instancetypes],
    ['virtualmachineinstancetypes', resources.instancetypes],
    ['virtualmachineclusterinstancetype', resources.clusterInstancetypes],
    ['virtualmachineclusterinstancetypes', resources.clusterInstancetypes],
    ['', resources.clusterInstancetypes],
  ]),
  preference: new Map([
    ['virtualmachinepreference', resources.preferences],
    ['virtualmachinepreferences', resources.preferences],
    ['virtualmachineclusterpreference', resources.clusterPreferences],
    ['virtualmachineclusterpreferences', resources.clusterPreferences],
    ['', resources.clusterPreferences],
  ]),
};

/** Undefined for a kind that is none of them. */
export function resourceOf(name: MatcherName, { kind = '' }: Matcher): ResourceId | undefined {
  return kindsNamed[name].get(kind.toLowerCase());
}

export function unexpectedKind(name: MatcherName, { kind = '' }: Matcher): string {
  return `got unexpected kind in ${goNames[name]}: ${kind}`;
}

export function matcherCauses(spec: VirtualMachineSpec, old?: VirtualMachineSpec): readonly Cause[] {
  return matcherNames.flatMap((name) => [...shapeCauses(name, spec[name]), ...changeCauses(name, spec[name], old?.[name])]);
}

const policies: readonly string[] = ['Ignore', 'Reject'];

function shapeCauses(matcherName: MatcherName, matcher: Matcher | undefined): readonly Cause[] {
  if (matcher === undefined) return [];
  const { name = '', kind = '', inferFromVolume = '', inferFromVolumeFailurePolicy: policy } = matcher;
  const field = `spec.${matcherName}`;
  const found = (place: string, message: string, fix: string): Cause => cause('FieldValueNotFound', place, { message, fix });
  return [
    ...(name === '' && inferFromVolume === ''
      ? [found(field, `Either Name or InferFromVolume should be provided within the ${goNames[matcherName]}`, `Set ${field}.name.`)]
      : []),
    ...(name !== '' && inferFromVolume !== ''
      ? [found(`${field}.name`, 'Name already set, should be cleared before setting inferFromVolume', 'Set one of the two.')]
      : []),
    ...(kind !== '' && inferFromVolume !== ''
      ? [found(`${field}.kind`, 'Kind already set, should be cleared before setting inferFromVolume', 'The volume says the kind, too.')]
      : []),
    ...(policy === undefined || policies.includes(policy)
      ? []
      : [
          invalid(
            `${field}.inferFromVolumeFailurePolicy`,
            `Invalid value '${policy}' for InferFromVolumeFailurePolicy`,
            `Use ${policies.join(' or ')}.`,
          ),
        ]),
  ];
}

/** A revision is of one object: another name with the revision of the former would be a lie. */
function changeCauses(matcherName: MatcherName, matcher: Matcher | undefined, old: Matcher | undefined): readonly Cause[] {
  if (matcher === undefined || old === undefined) return [];
  const { revisionName = '' } = old;
  if (revisionName === '' || matcher.name === old.name || matcher.revisionName !== revisionName) return [];
  const message = 'the Matcher Name has been updated without updating the RevisionName';
  return [invalid(`spec.${matcherName}.revisionName`, message, 'Remove revisionName.')];
}
