// Owns sound: whether there is a card, and where its samples go.
// Must not play them.
import type { Cause } from '../../../api/errors.ts';
import { jsonOption } from '../args.ts';
import { audioBackend, hasSound } from '../attached.ts';
import type { Family } from '../fragment.ts';
import { onRootComplex } from '../pci.ts';

export const soundFamily: Family = (vmi) => {
  if (!hasSound(vmi)) return {};
  const { sound } = vmi.spec.domain.devices;
  const field = 'spec.domain.devices.sound';
  const model = sound?.model ?? 'ich9';
  const backend = jsonOption(
    '-audiodev',
    { driver: 'none', id: audioBackend },
    { field, reason: 'Played by whoever looks at the screen: VNC carries it. The sound card of this computer is left alone.' },
  );
  switch (model) {
    case 'ich9':
      return {
        args: [
          backend,
          // There by default: an installer that speaks is the only one that a blind user can use.
          jsonOption('-device', { driver: 'ich9-intel-hda', id: 'sound0', ...onRootComplex('sound') }, { field }),
          // Output alone: what the microphone of this computer hears is none of the guest's business.
          jsonOption('-device', { driver: 'hda-output', id: 'sound0-codec', bus: 'sound0.0', cad: 0, audiodev: audioBackend }, { field }),
        ],
      };
    case 'ac97':
      return {
        args: [
          backend,
          jsonOption('-device', { driver: 'AC97', id: 'sound0', ...onRootComplex('sound'), audiodev: audioBackend }, { field }),
        ],
      };
    default:
      return { causes: [unknownModel(model)] };
  }
};

function unknownModel(model: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field: 'spec.domain.devices.sound.model',
    message: `There is no sound card model ${model}.`,
    fix: 'Use ich9 or ac97.',
  };
}
