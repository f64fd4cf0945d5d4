// Owns reading how far mmdebstrap is from what it and apt print.
// Must not run it.

export interface BuildProgress {
  readonly percent: number;
  readonly message: string;
}

interface Phase {
  readonly begins: RegExp;
  readonly message: string;
  /** Percent of the whole at its beginning, by the time that phases take on a disk that is not the bottleneck. */
  readonly from: number;
}

const phases: readonly Phase[] = [
  { begins: /^I: running apt-get update/, message: 'Reading the list of packages', from: 0 },
  { begins: /^I: downloading packages/, message: 'Downloading the base system', from: 6 },
  { begins: /^I: extracting archives/, message: 'Unpacking the base system', from: 10 },
  { begins: /^I: installing essential packages/, message: 'Installing the base system', from: 22 },
  { begins: /^I: installing remaining packages/, message: 'Installing packages', from: 48 },
  { begins: /update-initramfs: Generating/, message: 'Making the initial RAM disk', from: 91 },
  { begins: /^I: cleaning package lists/, message: 'Tidying up', from: 95 },
  { begins: /^I: success/, message: 'Tidying up', from: 97 },
];
const end = 97;

/** Feed it every line; it answers when there is something new to say. Percentages never go back. */
export function createBuildProgress(): (line: string) => BuildProgress | undefined {
  let index = 0;
  let packages = 0;
  let steps = 0;
  return (line) => {
    const next = phases.findIndex(({ begins }, at) => at > index && begins.test(line));
    if (next !== -1) {
      index = next;
      steps = 0;
      return say(index, 0);
    }
    packages = Number(/(\d+) newly installed/.exec(line)?.[1] ?? packages);
    const [, verb, name] = /^(Unpacking|Setting up) ([^ :]+)/.exec(line) ?? [];
    if (verb === undefined || packages === 0) return undefined;
    steps += 1;
    // Each package is unpacked once and set up once.
    return say(index, Math.min(1, steps / (2 * packages)), `${verb} ${name ?? ''}`);
  };
}

function say(index: number, share: number, detail?: string): BuildProgress {
  const phase = phases[index];
  const from = phase?.from ?? 0;
  const to = phases[index + 1]?.from ?? end;
  const message = detail === undefined ? (phase?.message ?? '') : `${phase?.message ?? ''}: ${detail}`;
  return { percent: from + share * (to - from), message };
}
