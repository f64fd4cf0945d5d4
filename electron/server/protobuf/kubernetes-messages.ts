// Owns the protobuf messages of the kinds that Kubernetes' typed clients send: numbers and names as in k8s.io's generated.proto.
// Must not decode; object-body.ts does.

/**
 * `optional` marks what is a pointer in Go: sent when it means something, also when it is empty. The others are always sent, and
 * empty means absent. Time, MicroTime, Quantity and FieldsV1 have a JSON form of their own.
 */
export const kubernetesMessages = `
syntax = "proto3";

message Unknown { TypeMeta typeMeta = 1; bytes raw = 2; string contentEncoding = 3; string contentType = 4; }
message TypeMeta { string apiVersion = 1; string kind = 2; }

message Time { int64 seconds = 1; int32 nanos = 2; }
message MicroTime { int64 seconds = 1; int32 nanos = 2; }
message Quantity { string string = 1; }
message FieldsV1 { bytes Raw = 1; }

message ObjectMeta {
  string name = 1; string generateName = 2; string namespace = 3; string selfLink = 4; string uid = 5; string resourceVersion = 6;
  int64 generation = 7; Time creationTimestamp = 8; optional Time deletionTimestamp = 9; optional int64 deletionGracePeriodSeconds = 10;
  map<string, string> labels = 11; map<string, string> annotations = 12; repeated OwnerReference ownerReferences = 13;
  repeated string finalizers = 14; repeated ManagedFieldsEntry managedFields = 17;
}
message OwnerReference {
  string kind = 1; string name = 3; string uid = 4; string apiVersion = 5; optional bool controller = 6; optional bool blockOwnerDeletion = 7;
}
message ManagedFieldsEntry {
  string manager = 1; string operation = 2; string apiVersion = 3; optional Time time = 4; string fieldsType = 6;
  optional FieldsV1 fieldsV1 = 7; string subresource = 8;
}
message LabelSelector { map<string, string> matchLabels = 1; repeated LabelSelectorRequirement matchExpressions = 2; }
message LabelSelectorRequirement { string key = 1; string operator = 2; repeated string values = 3; }
message FieldSelectorRequirement { string key = 1; string operator = 2; repeated string values = 3; }

message DeleteOptions {
  optional int64 gracePeriodSeconds = 1; optional Preconditions preconditions = 2; optional bool orphanDependents = 3;
  optional string propagationPolicy = 4; repeated string dryRun = 5; optional bool ignoreStoreReadErrorWithClusterBreakingPotential = 6;
}
message Preconditions { optional string uid = 1; optional string resourceVersion = 2; }

message Namespace { ObjectMeta metadata = 1; NamespaceSpec spec = 2; NamespaceStatus status = 3; }
message NamespaceSpec { repeated string finalizers = 1; }
message NamespaceStatus { string phase = 1; repeated NamespaceCondition conditions = 2; }
message NamespaceCondition { string type = 1; string status = 2; Time lastTransitionTime = 4; string reason = 5; string message = 6; }

message Secret {
  ObjectMeta metadata = 1; map<string, bytes> data = 2; string type = 3; map<string, string> stringData = 4; optional bool immutable = 5;
}
message ConfigMap { ObjectMeta metadata = 1; map<string, string> data = 2; map<string, bytes> binaryData = 3; optional bool immutable = 4; }

message PersistentVolumeClaim { ObjectMeta metadata = 1; PersistentVolumeClaimSpec spec = 2; PersistentVolumeClaimStatus status = 3; }
message PersistentVolumeClaimSpec {
  repeated string accessModes = 1; VolumeResourceRequirements resources = 2; string volumeName = 3; optional LabelSelector selector = 4;
  optional string storageClassName = 5; optional string volumeMode = 6; optional TypedLocalObjectReference dataSource = 7;
  optional TypedObjectReference dataSourceRef = 8; optional string volumeAttributesClassName = 9;
}
message VolumeResourceRequirements { map<string, Quantity> limits = 1; map<string, Quantity> requests = 2; }
message TypedLocalObjectReference { optional string apiGroup = 1; string kind = 2; string name = 3; }
message TypedObjectReference { optional string apiGroup = 1; string kind = 2; string name = 3; optional string namespace = 4; }
message PersistentVolumeClaimStatus {
  string phase = 1; repeated string accessModes = 2; map<string, Quantity> capacity = 3; repeated PersistentVolumeClaimCondition conditions = 4;
  map<string, Quantity> allocatedResources = 5; map<string, string> allocatedResourceStatuses = 7;
  optional string currentVolumeAttributesClassName = 8; optional ModifyVolumeStatus modifyVolumeStatus = 9;
}
message PersistentVolumeClaimCondition {
  string type = 1; string status = 2; Time lastProbeTime = 3; Time lastTransitionTime = 4; string reason = 5; string message = 6;
}
message ModifyVolumeStatus { string targetVolumeAttributesClassName = 1; string status = 2; }

message ResourceQuota { ObjectMeta metadata = 1; ResourceQuotaSpec spec = 2; ResourceQuotaStatus status = 3; }
message ResourceQuotaSpec { map<string, Quantity> hard = 1; repeated string scopes = 2; optional ScopeSelector scopeSelector = 3; }
message ResourceQuotaStatus { map<string, Quantity> hard = 1; map<string, Quantity> used = 2; }
message ScopeSelector { repeated ScopedResourceSelectorRequirement matchExpressions = 1; }
message ScopedResourceSelectorRequirement { string scopeName = 1; string operator = 2; repeated string values = 3; }

message PriorityClass {
  ObjectMeta metadata = 1; int32 value = 2; bool globalDefault = 3; string description = 4; optional string preemptionPolicy = 5;
}

message Event {
  ObjectMeta metadata = 1; ObjectReference involvedObject = 2; string reason = 3; string message = 4; EventSource source = 5;
  Time firstTimestamp = 6; Time lastTimestamp = 7; int32 count = 8; string type = 9; MicroTime eventTime = 10;
  optional EventSeries series = 11; string action = 12; optional ObjectReference related = 13; string reportingComponent = 14;
  string reportingInstance = 15;
}
message ObjectReference {
  string kind = 1; string namespace = 2; string name = 3; string uid = 4; string apiVersion = 5; string resourceVersion = 6; string fieldPath = 7;
}
message EventSource { string component = 1; string host = 2; }
message EventSeries { int32 count = 1; MicroTime lastObservedTime = 2; }

message Node { ObjectMeta metadata = 1; NodeSpec spec = 2; NodeStatus status = 3; }
message NodeSpec {
  string podCIDR = 1; string externalID = 2; string providerID = 3; bool unschedulable = 4; repeated Taint taints = 5;
  repeated string podCIDRs = 7;
}
message Taint { string key = 1; string value = 2; string effect = 3; optional Time timeAdded = 4; }
message NodeStatus {
  map<string, Quantity> capacity = 1; map<string, Quantity> allocatable = 2; string phase = 3; repeated NodeCondition conditions = 4;
  repeated NodeAddress addresses = 5; NodeDaemonEndpoints daemonEndpoints = 6; NodeSystemInfo nodeInfo = 7;
}
message NodeCondition {
  string type = 1; string status = 2; Time lastHeartbeatTime = 3; Time lastTransitionTime = 4; string reason = 5; string message = 6;
}
message NodeAddress { string type = 1; string address = 2; }
message NodeDaemonEndpoints { DaemonEndpoint kubeletEndpoint = 1; }
message DaemonEndpoint { int32 Port = 1; }
message NodeSystemInfo {
  string machineID = 1; string systemUUID = 2; string bootID = 3; string kernelVersion = 4; string osImage = 5;
  string containerRuntimeVersion = 6; string kubeletVersion = 7; string kubeProxyVersion = 8; string operatingSystem = 9; string architecture = 10;
}

message SelfSubjectAccessReview { ObjectMeta metadata = 1; SelfSubjectAccessReviewSpec spec = 2; }
message SelfSubjectAccessReviewSpec { optional ResourceAttributes resourceAttributes = 1; optional NonResourceAttributes nonResourceAttributes = 2; }
message ResourceAttributes {
  string namespace = 1; string verb = 2; string group = 3; string version = 4; string resource = 5; string subresource = 6; string name = 7;
  optional FieldSelectorAttributes fieldSelector = 8; optional LabelSelectorAttributes labelSelector = 9;
}
message FieldSelectorAttributes { string rawSelector = 1; repeated FieldSelectorRequirement requirements = 2; }
message LabelSelectorAttributes { string rawSelector = 1; repeated LabelSelectorRequirement requirements = 2; }
message NonResourceAttributes { string path = 1; string verb = 2; }
message SelfSubjectRulesReview { ObjectMeta metadata = 1; SelfSubjectRulesReviewSpec spec = 2; }
message SelfSubjectRulesReviewSpec { string namespace = 1; }
message SelfSubjectReview { ObjectMeta metadata = 1; }
`;

/** Which message a body of this apiVersion may be. DeleteOptions come under the version of what they delete. */
export const messagesOf: Readonly<Record<string, readonly string[]>> = {
  v1: ['Namespace', 'Secret', 'ConfigMap', 'PersistentVolumeClaim', 'ResourceQuota', 'Event', 'Node'],
  'scheduling.k8s.io/v1': ['PriorityClass'],
  'authorization.k8s.io/v1': ['SelfSubjectAccessReview', 'SelfSubjectRulesReview'],
  'authentication.k8s.io/v1': ['SelfSubjectReview'],
};
