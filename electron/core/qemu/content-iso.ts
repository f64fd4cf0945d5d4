// Owns the volumes that show files of objects to a guest: Secret, ConfigMap, downwardAPI and sysprep, each a small read-only ISO.
// Must not read the objects; facts hold what they say.
import type { Cause } from '../../api/errors.ts';
import type { LaunchFacts } from '../facts.ts';
import type { IsoEntry, PlannedFile } from './launch-plan.ts';
import type { Volume } from './manifest.ts';

/** The object that a volume shows; `optional` means that it may be missing. */
export interface ContentSource {
  readonly type: 'configMap' | 'secret';
  readonly name: string;
  readonly optional: boolean;
}

export interface ContentContext {
  readonly facts: LaunchFacts;
  readonly volume: Volume;
  /** `spec.volumes[2]` */
  readonly field: string;
}

export interface ContentIso {
  readonly file: Extract<PlannedFile, { type: 'iso' }>;
  readonly causes: readonly Cause[];
}

// KubeVirt's (pkg/config): what a guest finds its medium by when the manifest names no label.
const defaultLabel = 'cfgdata';
const sysprepLabel = 'unattendCD';

export function contentSourceOf({ configMap, secret, sysprep }: Volume): ContentSource | undefined {
  if (configMap !== undefined) return { type: 'configMap', name: configMap.name ?? '', optional: configMap.optional === true };
  if (secret !== undefined) return { type: 'secret', name: secret.secretName ?? '', optional: secret.optional === true };
  const answers = sysprep?.configMap ?? sysprep?.secret;
  if (answers === undefined) return undefined;
  return { type: sysprep?.configMap === undefined ? 'secret' : 'configMap', name: answers.name ?? '', optional: false };
}

/** Whether the volume is such a medium: it holds no boot sector and cannot be written. */
export function showsContent(volume: Volume): boolean {
  return contentSourceOf(volume) !== undefined || volume.downwardAPI !== undefined;
}

export function contentIso({ facts, volume, field }: ContentContext): ContentIso {
  const entries = facts.contents?.[volume.name];
  return {
    file: { type: 'iso', path: `${facts.runDir}/content-${volume.name}.iso`, label: labelOf(volume), entries: entries ?? {} },
    causes: [...missing(volume, field, entries), ...withoutAnswers(volume, field, entries), ...longLabel(volume, field)],
  };
}

function labelOf({ configMap, secret, downwardAPI, sysprep }: Volume): string {
  if (sysprep !== undefined) return sysprepLabel;
  const asked = configMap?.volumeLabel ?? secret?.volumeLabel ?? downwardAPI?.volumeLabel ?? '';
  return asked === '' ? defaultLabel : asked;
}

// Volume identifier of ISO 9660.
const maxLabel = 32;

function longLabel(volume: Volume, field: string): readonly Cause[] {
  const label = labelOf(volume);
  if (label.length <= maxLabel) return [];
  const type = volume.configMap === undefined ? (volume.secret === undefined ? 'downwardAPI' : 'secret') : 'configMap';
  return [
    {
      reason: 'FieldValueInvalid',
      field: `${field}.${type}.volumeLabel`,
      message: `The label '${label}' has ${label.length} characters; a medium has room for ${maxLabel}.`,
      fix: 'Shorten it.',
    },
  ];
}

function missing(volume: Volume, field: string, entries: Readonly<Record<string, IsoEntry>> | undefined): readonly Cause[] {
  const source = contentSourceOf(volume);
  if (source === undefined || entries !== undefined || source.optional) return [];
  const kind = source.type === 'secret' ? 'Secret' : 'ConfigMap';
  const at = volume.sysprep === undefined ? `${field}.${source.type}` : `${field}.sysprep.${source.type}`;
  return [{ reason: `${kind}Missing`, field: at, message: `There is no ${kind} ${source.name}.`, fix: 'Create it, or correct its name.' }];
}

const answerFiles: readonly string[] = ['autounattend.xml', 'unattend.xml'];

/** Windows' setup looks for these names alone. */
function withoutAnswers({ sysprep }: Volume, field: string, entries: Readonly<Record<string, IsoEntry>> | undefined): readonly Cause[] {
  if (sysprep === undefined || entries === undefined) return [];
  if (Object.keys(entries).some((name) => answerFiles.includes(name.toLowerCase()))) return [];
  return [
    {
      reason: 'AnswerFileMissing',
      field: `${field}.sysprep`,
      message: `Sysprep drive should contain ${answerFiles.join(' or ')} but neither were found.`,
      fix: `Add the key ${answerFiles[0]}.`,
    },
  ];
}
