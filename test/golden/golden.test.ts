// Owns the golden corpus: what the core makes of each case must be exactly the files beside it.
// Must not start anything.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { resources } from '../../electron/api/resources.ts';
import { decode } from '../../electron/api/schema.ts';
import { launchDecision } from '../../electron/core/qemu/launch.ts';
import { validate } from '../../electron/core/validate/validate.ts';
import { argumentFaults } from './argument-check.ts';
import { defaultedAgain, goldenPlaces, instanceOf, launchFacts, readCase, readRecording, readSchemas } from './golden-case.ts';
import { argvText, errText, yamlText } from './golden-text.ts';

const folder = new URL('cases/', import.meta.url);
const files = readdirSync(folder).toSorted();
const names = files.filter((file) => file.endsWith('.vm.yaml')).map((file) => file.slice(0, -'.vm.yaml'.length));
const schemas = readSchemas();
const rewrite = process.env.UPDATE_GOLDEN === '1';

/** Debian 13's. */
const newer = 'qemu-10.0-x86_64';
const newerRecording = readRecording(newer);
const recordingOf = (host: string) => (host === newer ? newerRecording : readRecording(host));

/** Compares with the file, or writes it: when asked to, and when there is none yet and nobody would miss it. */
function expectFile(name: string, text: string): void {
  const file = new URL(name, folder);
  const missing = !existsSync(file);
  if (rewrite || (missing && process.env.CI === undefined)) writeFileSync(file, text);
  else if (missing) expect.fail(`${name} is missing; run: npm run golden -- --update`);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** A machine either starts or does not: the other expectation must not lie about. */
function expectNoFile(name: string): void {
  const file = new URL(name, folder);
  if (rewrite) rmSync(file, { force: true });
  expect(existsSync(file), `${name} is left over; run: npm run golden -- --update`).toBe(false);
}

describe.each(names)('%s', (name) => {
  const golden = readCase(name);
  const vmi = instanceOf(golden);
  const decision = launchDecision(vmi, launchFacts(golden, vmi, goldenPlaces));

  test('says what it is for', () => {
    expect(golden.intent).toMatch(/^[A-Za-z].{15,}\.$/);
  });

  test('is a manifest that the server would take', () => {
    const refused = decision.causes.length > 0;
    const said = [
      ...decode(schemas, 'V1VirtualMachine', golden.vm),
      ...(refused ? [] : validate(resources.virtualMachines, { ...golden.vm })),
    ];
    expect(said).toEqual([]);
  });

  test('defaults as the file says, and a second time changes nothing', () => {
    expectFile(`${name}.yaml`, yamlText(vmi));
    expect(defaultedAgain(vmi)).toEqual(vmi);
  });

  test(decision.causes.length === 0 ? 'gives the argv' : 'is refused', () => {
    const refused = decision.causes.length > 0;
    expectNoFile(refused ? `${name}.argv` : `${name}.err`);
    expectFile(refused ? `${name}.err` : `${name}.argv`, refused ? errText(decision) : argvText(decision));
  });

  test.each([golden.host, newer])('has arguments that %s knows', (host) => {
    const refused = decision.causes.length > 0;
    const { plan, causes } = launchDecision(vmi, launchFacts({ ...golden, host }, vmi, goldenPlaces));
    expect(refused ? [] : causes).toEqual([]);
    expect(argumentFaults(refused ? [] : plan!.args, recordingOf(host))).toEqual([]);
  });
});

test('no file of the corpus is unused', () => {
  const used = new Set(names.flatMap((name) => ['vm.yaml', 'yaml', 'argv', 'err'].map((kind) => `${name}.${kind}`)));
  expect(files.filter((file) => !used.has(file))).toEqual([]);
});

test('the corpus is large enough to mean something', () => {
  expect(names.length).toBeGreaterThanOrEqual(40);
});
