// Owns which fields of HyperConverged have their effect on a cluster only.
// Must not name one that the core acts on.

/** Of hco.kubevirt.io/v1beta1; what they say is kept, and nothing here acts on it. */
export const clusterFields = [
  'commonInstancetypesDeployment',
  'commonTemplatesNamespace',
  'dataImportCronTemplates',
  'defaultCPUModel',
  'defaultRuntimeClass',
  'evictionStrategy',
  'featureGates',
  'filesystemOverhead',
  'infra',
  'liveMigrationConfig',
  'localStorageClassName',
  'logVerbosityConfig',
  'obsoleteCPUs',
  'scratchSpaceStorageClass',
  'storageImport',
  'tlsSecurityProfile',
  'uninstallStrategy',
  'vddkInitImage',
  'version',
  'virtualMachineOptions',
  'workloadUpdateStrategy',
  'workloads',
] as const;
