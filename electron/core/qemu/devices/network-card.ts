// Owns the card that the guest sees: its model, address, place and boot ROM.
// Must not know what is behind it.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { derivedMac } from '../../defaults/derived-identity.ts';
import { normalizedMac } from '../../defaults/devices.ts';
import type { LaunchFacts } from '../../facts.ts';
import { cardRom } from '../../network/network-boot.ts';
import { jsonOption } from '../args.ts';
import { bootOrderOf } from '../boot-order.ts';
import type { Fragment } from '../fragment.ts';
import { machineUuid } from '../identity.ts';
import type { Interface } from '../manifest.ts';
import { maxNetworkPorts, onPort, onRootComplex } from '../pci.ts';

export interface CardContext {
  readonly vmi: VirtualMachineInstance;
  readonly facts: LaunchFacts;
  readonly card: Interface;
  readonly index: number;
  /** `spec.domain.devices.interfaces[0]` */
  readonly field: string;
}

/** Ids in QEMU: of the card, and of what is behind it. */
export function cardId({ name }: Pick<Interface, 'name'>): string {
  return `interface-${name}`;
}

export function netdevId({ name }: Pick<Interface, 'name'>): string {
  return `network-${name}`;
}

export function cardMac(vmi: VirtualMachineInstance, card: Interface): string {
  return card.macAddress === undefined ? derivedMac(`${machineUuid(vmi)}/${card.name}`) : normalizedMac(card.macAddress);
}

/** Conventional PCI sits on the root complex, where nothing can be plugged in or out; a virtual function is the machine's from its start. */
export function canBePlugged({ model = 'virtio', sriov }: Pick<Interface, 'model' | 'sriov'>): boolean {
  return sriov === undefined && models[model]?.conventional === false;
}

interface Model {
  readonly driver: string;
  /** Conventional PCI: sits on the root complex, as a root port takes PCI Express only. */
  readonly conventional: boolean;
}

const models: Readonly<Record<string, Model>> = {
  virtio: { driver: 'virtio-net-pci', conventional: false },
  e1000: { driver: 'e1000', conventional: true },
  e1000e: { driver: 'e1000e', conventional: false },
  igb: { driver: 'igb', conventional: false },
  ne2k_pci: { driver: 'ne2k_pci', conventional: true },
  pcnet: { driver: 'pcnet', conventional: true },
  rtl8139: { driver: 'rtl8139', conventional: true },
};

/** `bootFile`: what the network's own DHCP server names, as far as it is ours. */
export function cardOf(context: CardContext, bootFile: string | undefined): Fragment {
  const { vmi, card, index, field } = context;
  const model = models[card.model ?? 'virtio'];
  if (model === undefined) return { causes: [unknownModel(card.model ?? '', field)] };
  if (index >= maxNetworkPorts) return { causes: [tooMany(field)] };
  const bootindex = bootOrderOf(vmi).interfaces.get(card.name);
  const id = cardId(card);
  const rom = bootindex === undefined ? undefined : cardRom(vmi, { model: card.model, bootFile, field: `${field}.bootOrder` });
  return {
    args: [
      jsonOption(
        '-device',
        {
          driver: model.driver,
          id,
          ...(model.conventional ? onRootComplex('conventionalNetwork', index) : onPort('network', index)),
          netdev: netdevId(card),
          mac: cardMac(vmi, card),
          'acpi-index': card.acpiIndex,
          // The boot ROM of a card that is not booted from costs a second at every start.
          ...(rom === undefined || rom.rom === 'empty' ? { romfile: '' } : {}),
          ...(bootindex === undefined ? {} : { bootindex }),
        },
        { field, ...(rom?.reason === undefined ? {} : { reason: rom.reason }) },
      ),
    ],
    causes: rom?.causes ?? [],
    ...(card.state === 'down' ? { beforeCont: [{ execute: 'set_link', arguments: { name: id, up: false } }] } : {}),
  };
}

function unknownModel(model: string, field: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field: `${field}.model`,
    message: `There is no network card model ${model}.`,
    fix: `Use ${Object.keys(models).join(', ')}.`,
  };
}

function tooMany(field: string): Cause {
  return { reason: 'FieldValueInvalid', field, message: `There is place for ${maxNetworkPorts} network interfaces.`, fix: 'Remove some.' };
}
