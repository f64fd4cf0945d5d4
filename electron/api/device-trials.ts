// Owns trials of PCI devices: /apis/virtdeck.io/v1alpha1/device-trials. A group is handed to VFIO at run time, and taken back unless it is kept.
// Must not bind anything. No file of this computer is changed by it, and a restart undoes it.
import type { PciAddress } from './host-devices.ts';

/** The body of a POST. */
export interface NewDeviceTrial {
  readonly address: PciAddress;
  readonly seconds: number;
}

export const trialSeconds = { least: 5, most: 600, usual: 30 } as const;

/** What VFIO was handed at run time. Any of its addresses names it. */
export interface DeviceTrial {
  /** The first of its devices. */
  readonly address: PciAddress;
  /** All that moved together. */
  readonly addresses: readonly PciAddress[];
  /**
   * `kept`: until the computer restarts, or somebody reverts it. `ending`: drivers are being given back. `interrupted`: whoever was at it
   * was ended in the middle, so a device may have no driver; a revert finishes it, and so does whatever root asks for next.
   */
  readonly state: 'trying' | 'kept' | 'ending' | 'interrupted';
  /** RFC 3339; while it is tried. */
  readonly until?: string;
  readonly secondsLeft?: number;
}

/** With `?watch=true`, again with each second of a trial, and whenever one begins or ends. */
export interface DeviceTrialList {
  readonly items: readonly DeviceTrial[];
}
