// Owns the list of what every kubectl must be able to do against a core.
// Must not hold a task; each concept has a file.
import { certificates } from './certificates.ts';
import { changing } from './changing.ts';
import { creating } from './creating.ts';
import { deleting } from './deleting.ts';
import { hostDevices } from './host-devices.ts';
import { lookingAround } from './looking-around.ts';
import { reading } from './reading.ts';
import { running } from './running.ts';
import { serverSideApply } from './server-side-apply.ts';
import type { Task } from './task.ts';

export const battery: readonly Task[] = [
  ...lookingAround,
  ...creating,
  ...reading,
  ...changing,
  ...serverSideApply,
  ...running,
  ...deleting,
  ...certificates,
  ...hostDevices,
];
