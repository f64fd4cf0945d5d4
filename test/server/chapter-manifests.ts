// Owns the manifests that OpenShift's chapter 8.14 prints, read from the chapter where it lies beside the project, and what it leaves out of them.
// Must not hold the chapter, nor test anything.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { DraftObject } from '../../electron/api/object.ts';

const folder = new URL('../../../shared/spec/', import.meta.url);
const file = existsSync(folder) ? readdirSync(folder).find((name) => name.startsWith('openshift-virtualization-4.9')) : undefined;
export const where = file === undefined ? ' (skipped: ../shared/spec is not there)' : '';

export interface Manifest {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly apiversion?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Of these lists the number after the colon is a mark; of others it is the value. */
const markAfterColon = /^(\s*(?:requiredDuring|preferredDuring|permittedHostDevices|pciHostDevices)\w*:)\s+\d$/;

/** Numbers at the ends of lines point at notes, three points stand for what is left out. */
function withoutMarks(line: string): string {
  if (/^\s*(\.\.\.|#.*)$/.test(line)) return '';
  // kubectl's reader takes a quoted text that ends below its beginning; the one used here is stricter.
  return line
    .replace(markAfterColon, '$1')
    .replace(/(?<=[^:\s])\s+\d$/, '')
    .replace(/^(\s*}')$/, '  $1');
}

/** The blocks that name a kind: from there, or from the fields before it, to where the text goes on. */
function manifestsIn(text: string): readonly Manifest[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (/^\s*kind: [A-Z]/.test(line) ? [index] : []));
  return starts.map((at) => {
    const indent = /^\s*/.exec(lines[at] ?? '')?.[0].length ?? 0;
    const isInside = (line: string): boolean =>
      line.trim() === '' || /^\s*(\.\.\.|#)/.test(line) || (/^\s*/.exec(line)?.[0].length ?? 0) >= indent;
    const isText = (line: string): boolean => /^\s*\d+\s*$/.test(line) || /[\u4e00-\u9fff]/.test(line);
    let first = at;
    while (first > 0 && (lines[first - 1] ?? '').trim() !== '' && isInside(lines[first - 1] ?? '') && !isText(lines[first - 1] ?? ''))
      first -= 1;
    let last = at;
    while (last < lines.length && isInside(lines[last] ?? '') && !isText(lines[last] ?? '')) last += 1;
    const block = lines.slice(first, last).map(withoutMarks);
    return parse(block.join('\n')) as Manifest;
  });
}

/** The disks whose volumes are among what the chapter leaves out. */
const leftOutVolumes: Readonly<Record<string, readonly object[]>> = {
  'vm-secureboot': [{ name: 'containerdisk', emptyDisk: { capacity: '1Gi' } }],
};

interface Template {
  readonly spec?: object;
}

/**
 * What the chapter leaves out: three points stand for it, or the manifest is a part of a page. Without a name and a run strategy KubeVirt
 * refuses each of them, and so does this program.
 */
export function completed(manifest: Manifest, index: number): DraftObject {
  const { apiVersion, apiversion, kind = '', metadata, spec } = manifest;
  const name = (metadata?.name ?? `chapter-${index}`).replaceAll(/[<>]/g, '');
  const version = apiVersion === undefined && apiversion === undefined ? { apiVersion: 'kubevirt.io/v1' } : {};
  const named = { ...version, ...manifest, kind, metadata: { ...metadata, name } };
  if (kind !== 'VirtualMachine') return named as unknown as DraftObject;
  const running = spec?.['running'] === undefined ? { running: false } : {};
  const template = (spec?.['template'] ?? {}) as Template;
  const volumes = leftOutVolumes[name];
  const whole = volumes === undefined ? template : { ...template, spec: { ...template.spec, volumes } };
  return { ...named, spec: { ...spec, template: whole, ...running } } as unknown as DraftObject;
}

export const manifests = file === undefined ? [] : manifestsIn(readFileSync(new URL(file, folder), 'utf8'));

export const isChapterThere = file !== undefined;
