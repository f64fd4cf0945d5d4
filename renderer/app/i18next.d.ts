// Owns the types of the texts: a misspelt key does not compile.
// Must name one line per catalogue.
import 'i18next';
import type words from '../messages/en/words.json';
import type allowed from '../messages/en/allowed.json';
import type certificates from '../messages/en/certificates.json';
import type clusterCreate from '../messages/en/clusterCreate.json';
import type clusters from '../messages/en/clusters.json';
import type console from '../messages/en/console.json';
import type core from '../messages/en/core.json';
import type coreParts from '../messages/en/coreParts.json';
import type devices from '../messages/en/devices.json';
import type create from '../messages/en/create.json';
import type disks from '../messages/en/disks.json';
import type events from '../messages/en/events.json';
import type history from '../messages/en/history.json';
import type fixes from '../messages/en/fixes.json';
import type firmware from '../messages/en/firmware.json';
import type failures from '../messages/en/failures.json';
import type scheduling from '../messages/en/scheduling.json';
import type hotplug from '../messages/en/hotplug.json';
import type machines from '../messages/en/machines.json';
import type mdev from '../messages/en/mdev.json';
import type memory from '../messages/en/memory.json';
import type networks from '../messages/en/networks.json';
import type nodes from '../messages/en/nodes.json';
import type overview from '../messages/en/overview.json';
import type passthrough from '../messages/en/passthrough.json';
import type projects from '../messages/en/projects.json';
import type processor from '../messages/en/processor.json';
import type quotas from '../messages/en/quotas.json';
import type registry from '../messages/en/registry.json';
import type settings from '../messages/en/settings.json';
import type snapshots from '../messages/en/snapshots.json';
import type shell from '../messages/en/shell.json';
import type viewers from '../messages/en/viewers.json';
import type yaml from '../messages/en/yaml.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words';
  }
  interface ResourceNamespaceMap {
    words: typeof words;
    allowed: typeof allowed;
    certificates: typeof certificates;
    clusterCreate: typeof clusterCreate;
    clusters: typeof clusters;
    console: typeof console;
    core: typeof core;
    coreParts: typeof coreParts;
    create: typeof create;
    devices: typeof devices;
    disks: typeof disks;
    events: typeof events;
    history: typeof history;
    fixes: typeof fixes;
    firmware: typeof firmware;
    failures: typeof failures;
    registry: typeof registry;
    scheduling: typeof scheduling;
    hotplug: typeof hotplug;
    machines: typeof machines;
    mdev: typeof mdev;
    memory: typeof memory;
    networks: typeof networks;
    nodes: typeof nodes;
    overview: typeof overview;
    passthrough: typeof passthrough;
    processor: typeof processor;
    projects: typeof projects;
    quotas: typeof quotas;
    settings: typeof settings;
    shell: typeof shell;
    viewers: typeof viewers;
    snapshots: typeof snapshots;
    yaml: typeof yaml;
  }
}
