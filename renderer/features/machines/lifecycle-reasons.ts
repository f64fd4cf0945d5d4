// Owns KubeVirt's refusals in plain words: which text stands for which sentence.
// Must not decide what is allowed; api/lifecycle.ts does.

/** Keys under `machines:refusal`. A sentence that is not here is shown as it is. */
export const refusalKeys = {
  'there is no VirtualMachine that defines it': 'noDefinition',
  'VM is being deleted': 'beingDeleted',
  'VM is already running': 'alreadyRunning',
  'unable to complete request: stop/start already underway': 'underWay',
  'Always does not support manual start requests': 'startsByItself',
  'Once does not support manual start requests': 'startsOnce',
  'RerunOnFailure does not support starting VM from failed state': 'rerunFailed',
  'VM is not running': 'notRunning',
  'VMI is not running': 'notRunning',
  'Halted only supports manual stop requests with a shorter graceperiod': 'alreadyStopping',
  'RunStrategy Halted does not support manual restart requests': 'notRunning',
  'RunStrategy Once does not support manual restart requests': 'runsOnce',
  'VMI is already paused': 'alreadyPaused',
  'VMI is not paused': 'notPaused',
  'VMI is paused': 'paused',
  'VMI neither has the agent connected nor the ACPI feature enabled': 'noAgentNoAcpi',
  'The machine is suspended to disk': 'suspended',
  'The machine runs: its disks change while they are copied.': 'runsNow',
} as const;

export type RefusalKey = (typeof refusalKeys)[keyof typeof refusalKeys];

export function refusalKey(sentence: string): RefusalKey | undefined {
  return (refusalKeys as Readonly<Record<string, RefusalKey>>)[sentence];
}
