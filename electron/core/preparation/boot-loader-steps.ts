// Owns how a kernel argument comes onto the command line, for each boot loader that was found.
// Must not know what the arguments are for.
import type { PreparationStep } from '../../api/preparation.ts';
import type { Cause } from '../../api/errors.ts';
import { argumentWords } from './closed-forms.ts';
import { configuredLines } from './configured-lines.ts';
import { isKernelArgument, missingArguments, withArguments, withEntryArguments, withGrubArguments } from './kernel-arguments.ts';
import type { PreparationFacts } from './preparation-facts.ts';
import { hasArgument } from './preparation-record.ts';
import { runStep, writeStep } from './steps.ts';
import { isIdsArgument } from './vfio-ids.ts';

export interface Contribution {
  readonly steps: readonly PreparationStep[];
  readonly causes: readonly Cause[];
}

const nothing: Contribution = { steps: [], causes: [] };

export function bootLoaderSteps(facts: PreparationFacts, wanted: readonly string[]): Contribution {
  if (wanted.length === 0) return nothing;
  const { bootLoader: loader, files } = facts;
  const why = whyText(facts, wanted);
  switch (loader.type) {
    case 'grub':
      return grubSteps(facts, { ...loader, why }, wanted);
    case 'grubby':
      return argumentCommands('grubby-add', facts, wanted);
    case 'rpm-ostree':
      return argumentCommands('rpm-ostree-add', facts, wanted);
    case 'kernel-install': {
      // Without the file kernel-install takes the line of the running kernel, which then must be in it.
      const before = files['kernel-cmdline'] ?? withoutBootImage(facts.cmdline);
      const step = writeStep(facts, { file: 'kernel-cmdline', purpose: 'kernelArgument', why, after: withArguments(before, wanted) });
      return step === undefined ? nothing : { steps: [step, runStep('kernel-install', 'Boot entries are written anew.')], causes: [] };
    }
    case 'systemd-boot': {
      const steps = loader.entries.flatMap(({ name, text }) => {
        const after = withEntryArguments(text, wanted);
        return /^linux\s/m.test(text) && after !== text
          ? [writeStep(facts, { file: loader.folder, entry: name, purpose: 'kernelArgument', why, before: text, after })]
          : [];
      });
      return { steps: steps.filter((step) => step !== undefined), causes: [] };
    }
    case 'unknown':
      if (missingArguments(facts.cmdline, wanted).length === 0) return nothing;
      return {
        steps: [],
        causes: [
          {
            reason: 'BootLoaderUnknown',
            field: 'bootLoader',
            message:
              loader.unreadable === undefined
                ? 'How this computer starts its kernel was not found: no GRUB, systemd-boot, grubby or rpm-ostree.'
                : `The boot entries in ${loader.unreadable} can be read by root alone.`,
            fix: `Add ${wanted.join(' ')} to the kernel command line yourself, and start the computer again.`,
          },
        ],
      };
  }
}

/** Whoever typed it in the boot menu, or whose loader we do not read, should not wonder why it is asked for again. */
function whyText({ cmdline }: PreparationFacts, wanted: readonly string[]): string {
  const words = wanted.join(' ');
  if (missingArguments(cmdline, wanted).length > 0) return `The kernel is told ${words}.`;
  return `The running kernel was told ${words}, and nothing keeps it for the next start.`;
}

interface Grub {
  readonly generator: 'update-grub' | 'grub-mkconfig' | 'grub2-mkconfig';
  readonly dropIns: boolean;
  readonly why: string;
}

function grubSteps(facts: PreparationFacts, { generator, dropIns, why }: Grub, wanted: readonly string[]): Contribution {
  const main = facts.files['grub-default'] ?? '';
  // In any of its variables: GRUB_CMDLINE_LINUX_DEFAULT does as well.
  const words = main.replaceAll(/^\s*#.*$/gm, '').replaceAll(/["']/g, ' ');
  const missing = missingArguments(words, wanted);
  if (missing.length === 0) return nothing;
  const hidden = hiddenIds(facts, missing);
  if (hidden !== undefined) return { steps: [], causes: [hidden] };
  const rebuild = runStep(generator, "GRUB's menu is written anew.");
  if (dropIns) {
    // What an earlier preparation asked for stays.
    const own = ownArguments(facts.files['grub-drop-in'] ?? '');
    const all = [...own, ...missingArguments(own.join(' '), missing)];
    const after = `# Written by Virtdeck.\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX ${all.join(' ')}"\n`;
    const step = writeStep(facts, { file: 'grub-drop-in', purpose: 'kernelArgument', why, after });
    return step === undefined ? nothing : { steps: [step, rebuild], causes: [] };
  }
  const after = withGrubArguments(main, missing);
  if (after === undefined) {
    return {
      steps: [],
      causes: [
        {
          reason: 'FileNotUnderstood',
          field: '/etc/default/grub',
          message: 'GRUB_CMDLINE_LINUX of /etc/default/grub is written in a way that is not changed by a program.',
          fix: `Add ${missing.join(' ')} to it yourself, and run ${generator}.`,
        },
      ],
    };
  }
  const step = writeStep(facts, { file: 'grub-default', purpose: 'kernelArgument', why, after });
  return step === undefined ? nothing : { steps: [step, rebuild], causes: [] };
}

function ownArguments(dropIn: string): readonly string[] {
  return [...dropIn.matchAll(/^GRUB_CMDLINE_LINUX="\$GRUB_CMDLINE_LINUX ([^"]*)"$/gm)].flatMap(([, words = '']) => argumentWords(words));
}

/** GRUB puts GRUB_CMDLINE_LINUX_DEFAULT behind what is written here, and the driver reads the last `ids=` alone. */
function hiddenIds({ files }: PreparationFacts, missing: readonly string[]): Cause | undefined {
  const ours = missing.find(isIdsArgument);
  const later = argumentWords(/^\s*GRUB_CMDLINE_LINUX_DEFAULT=(.*)$/m.exec(files['grub-default'] ?? '')?.[1] ?? '').find(isIdsArgument);
  if (ours === undefined || later === undefined) return undefined;
  return {
    reason: 'FileNotUnderstood',
    field: '/etc/default/grub',
    message: `GRUB_CMDLINE_LINUX_DEFAULT of /etc/default/grub has ${later}, which comes last and is the only one that is read.`,
    fix: `Write ${ours} in its place yourself.`,
  };
}

function argumentCommands(command: 'grubby-add' | 'rpm-ostree-add', facts: PreparationFacts, wanted: readonly string[]): Contribution {
  const missing = wanted.filter((argument) => !hasArgument(facts, argument));
  const steps = missing.flatMap((argument) => {
    const old = command === 'grubby-add' ? replacedIds(facts, argument) : undefined;
    return [
      ...(old === undefined ? [] : [argumentStep('grubby-remove', old, `${old} makes room for one that names its devices, too.`)]),
      argumentStep(command, argument, `The kernel is told ${argument}.`),
    ];
  });
  return { steps, causes: [] };
}

function argumentStep(command: 'grubby-add' | 'grubby-remove' | 'rpm-ostree-add', argument: string, why: string): PreparationStep {
  return { ...runStep(command, why), id: `${command} ${argument}`, purpose: 'kernelArgument', action: { type: 'run', command, argument } };
}

/** grubby writes a new value over the old one. Taken away by itself, the old one is in the record, and comes back when that is undone. */
function replacedIds(facts: PreparationFacts, argument: string): string | undefined {
  const name = argument.slice(0, argument.indexOf('=') + 1);
  if (!isIdsArgument(argument)) return undefined;
  return configuredLines(facts)
    .flatMap(argumentWords)
    .find((word) => word.startsWith(name) && isKernelArgument(word));
}

/** What the loader put in front of what was configured. */
function withoutBootImage(cmdline: string): string {
  return `${cmdline
    .split(/\s+/)
    .filter((word) => !/^(?:BOOT_IMAGE|initrd)=/.test(word))
    .join(' ')}\n`;
}
