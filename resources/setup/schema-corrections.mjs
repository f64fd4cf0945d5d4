// Owns what the published types cannot say: TypeScript has one `string` for text, quantities and times, and one `number`.
// Must not describe whole kinds; each row is a correction of the generated schema, with its source in KubeVirt's or Kubernetes' API.

const quantity = { 'x-virtdeck-quantity': true };
const intOrString = { 'x-kubernetes-int-or-string': true };
const time = { type: 'string', description: 'RFC 3339 time.' };
const anyJson = { 'x-kubernetes-preserve-unknown-fields': true };

/** `Definition.property` → schema. resource.Quantity takes text and numbers; maps of quantities as well. */
export const properties = {
  'V1Memory.guest': quantity,
  'V1Memory.maxGuest': quantity,
  'V1MemoryStatus.guestRequested': quantity,
  'V1MemoryStatus.guestAtBoot': quantity,
  'V1MemoryStatus.guestCurrent': quantity,
  'V1MemoryStatus.memoryOverhead': quantity,
  'V1ReservedOverhead.addedOverhead': quantity,
  'V1EmptyDiskSource.capacity': quantity,
  'V1HostDisk.capacity': quantity,
  'K8sIoApiCoreV1ResourceFieldSelector.divisor': quantity,
  'V1VirtualMachineInstanceMigrationState.targetMemoryOverhead': quantity,
  'V1beta1MemoryInstancetype.guest': quantity,
  'V1beta1MemoryInstancetype.maxGuest': quantity,
  'V1beta1MemoryPreferenceRequirement.guest': quantity,
  'IoK8sApiAppsV1ControllerRevision.data': anyJson,
  'V1ResourceRequirements.limits': { type: 'object', additionalProperties: quantity },
  'V1ResourceRequirements.requests': { type: 'object', additionalProperties: quantity },
  'K8sIoApiCoreV1VolumeResourceRequirements.limits': { type: 'object', additionalProperties: quantity },
  'K8sIoApiCoreV1VolumeResourceRequirements.requests': { type: 'object', additionalProperties: quantity },
  'IoK8sApiCoreV1VolumeResourceRequirements.limits': { type: 'object', additionalProperties: quantity },
  'IoK8sApiCoreV1VolumeResourceRequirements.requests': { type: 'object', additionalProperties: quantity },
  'V1VolumeResourceRequirements.limits': { type: 'object', additionalProperties: quantity },
  'V1VolumeResourceRequirements.requests': { type: 'object', additionalProperties: quantity },
  'V1ResourceRequirementsWithoutClaims.limits': { type: 'object', additionalProperties: quantity },
  'V1ResourceRequirementsWithoutClaims.requests': { type: 'object', additionalProperties: quantity },
  'IoK8sApiCoreV1ResourceQuotaSpec.hard': { type: 'object', additionalProperties: quantity },
  'IoK8sApiCoreV1ResourceQuotaStatus.hard': { type: 'object', additionalProperties: quantity },
  'IoK8sApiCoreV1ResourceQuotaStatus.used': { type: 'object', additionalProperties: quantity },
  'IoK8sApiCoreV1LimitRangeItem.default': { type: 'object', additionalProperties: quantity },
  'IoK8sApiCoreV1LimitRangeItem.defaultRequest': { type: 'object', additionalProperties: quantity },
  'IoK8sApiCoreV1LimitRangeItem.max': { type: 'object', additionalProperties: quantity },
  'IoK8sApiCoreV1LimitRangeItem.min': { type: 'object', additionalProperties: quantity },
  'IoK8sApiCoreV1LimitRangeItem.maxLimitRequestRatio': { type: 'object', additionalProperties: quantity },
  'K8sIoApiCoreV1HTTPGetAction.port': intOrString,
  'K8sIoApiCoreV1TCPSocketAction.port': intOrString,
  'V1VirtualMachineCondition.lastProbeTime': time,
  'V1VirtualMachineCondition.lastTransitionTime': time,
  'V1VirtualMachineInstanceCondition.lastProbeTime': time,
  'V1VirtualMachineInstanceCondition.lastTransitionTime': time,
  'V1VirtualMachineInstanceStatus.deviceStatus': anyJson,
  // KubeVirt 1.9 has these; the published types are of 1.7.
  'V1Network.resourceClaim': anyJson,
  'V1Interface.portRanges': anyJson,
  'V1VirtualMachineInstanceSpec.serviceAccountName': { type: 'string' },
  // Sources that need this computer; api/kinds/data-volume.ts says why a cluster should refuse them.
  'V1beta1DataVolumeSource.file': {
    type: 'object',
    description: 'A file of this computer, copied and converted. A cluster refuses it.',
    properties: { path: { type: 'string', description: 'Absolute path.' } },
    required: ['path'],
    additionalProperties: false,
  },
  'V1beta1DataVolumeSource.mmdebstrap': {
    type: 'object',
    description: 'A Debian system built here from the package mirror of this computer. A cluster refuses it.',
    properties: {
      suite: { type: 'string', description: 'Such as bookworm. Absent: the suite of this computer.' },
      packages: { type: 'array', items: { type: 'string' }, description: 'Further packages.' },
    },
    additionalProperties: false,
  },
};

/** Server-set metadata must not be demanded of a client, and managedFields are opaque here. */
export const anyJsonDefinitions = ['FieldsV1'];
