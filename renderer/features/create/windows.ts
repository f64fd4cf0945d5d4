// Owns what a Windows machine gets beside the rest: KubeVirt's own preference for Windows 11, and the disc with virtio's drivers.
// Must not decide firmware or TPM; those are options that the user sees.
import type { VirtualMachineSpec } from '../../../electron/api/kinds/virtual-machine.ts';

type Domain = NonNullable<VirtualMachineSpec['template']['spec']>['domain'];

/** The signed drivers, as their makers publish them. The address stays the same for every release, so there is no checksum to give. */
export const driverDiscUrl = 'https://fedorapeople.org/groups/virt/virtio-win/direct-downloads/stable-virtio/virtio-win.iso';

/** The components `hyperv` of KubeVirt's common instance types; evmcs is left out, as there: it is for Hyper-V inside the guest. */
export const windowsFeatures: NonNullable<Domain['features']> = {
  hyperv: {
    frequencies: {},
    ipi: {},
    reenlightenment: {},
    relaxed: {},
    reset: {},
    runtime: {},
    spinlocks: { spinlocks: 8191 },
    synic: {},
    synictimer: { direct: {} },
    tlbflush: {},
    vapic: {},
    vpindex: {},
  },
};

export const windowsClock: NonNullable<Domain['clock']> = {
  utc: {},
  timer: { hpet: { present: false }, hyperv: {}, pit: { tickPolicy: 'delay' }, rtc: { tickPolicy: 'catchup' } },
};
