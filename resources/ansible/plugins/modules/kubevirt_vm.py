#!/usr/bin/python3
# Owns the task kubevirt_vm: the arguments of Ansible's first module of that name, brought to a VirtualMachine through the Kubernetes API.
# Must not know Virtdeck: any server of kubevirt.io/v1 that a kubeconfig names will do. One file, so that `library =` finds it, too.

DOCUMENTATION = r"""
---
module: kubevirt_vm
short_description: Make, change, start, stop and delete a KubeVirt virtual machine
description:
  - Brings a VirtualMachine of kubevirt.io/v1 to what the task says. What it does not say stays as it is.
  - In check mode the server judges the change without making it.
options:
  name:
    description: Name of the virtual machine.
    type: str
    required: true
  namespace:
    description: Its namespace.
    type: str
    required: true
  state:
    description:
      - C(present) makes a machine that does not run yet, and lets an existing one run or not.
      - C(running) and C(stopped) also start and stop it; C(absent) deletes it.
    type: str
    choices: [present, absent, running, stopped]
    default: present
  cpu_cores:
    description: Cores of the guest.
    type: int
  memory:
    description: Memory that is asked for, as a quantity.
    type: str
  labels:
    description: Labels of the machine and of its runs; others stay.
    type: dict
  disks:
    description: All disks, in order. A disk that is left out here is taken from the machine.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the disk and of its volume.
        type: str
        required: true
      volume:
        description: Where the bytes are, as in spec.volumes of KubeVirt, without the name.
        type: dict
        required: true
      disk:
        description: How the guest sees it as a disk, such as its bus.
        type: dict
      cdrom:
        description: How the guest sees it as a CD-ROM, in place of C(disk).
        type: dict
      lun:
        description: How the guest sees it as a LUN, in place of C(disk).
        type: dict
      boot_order:
        description: 1 is tried first.
        type: int
  annotations:
    description: Annotations of the machine; others stay.
    type: dict
  run_strategy:
    description:
      - When the machine runs. Else C(state) decides. A machine of C(Manual) is started and stopped by hand, so by C(running) and C(stopped).
    type: str
    choices: [Always, Halted, Manual, Once, RerunOnFailure]
  instancetype:
    description: The instance type, by name and kind.
    type: dict
  preference:
    description: The preference, by name and kind.
    type: dict
  data_volume_templates:
    description: All disks that are made with the machine, as in spec.dataVolumeTemplates of KubeVirt.
    type: list
    elements: dict
  spec:
    description:
      - What is run, as in spec.template.spec of KubeVirt; C(cpu_cores), C(memory) and C(disks) are laid over it.
      - This and the five arguments before it are named as in kubevirt.core, whose module takes the same task.
    type: dict
  wait:
    description: Whether to wait until the machine runs, has stopped or is gone. C(present) waits for nothing.
    type: bool
    default: true
  wait_timeout:
    description: For how many seconds.
    type: int
    default: 120
  kubeconfig:
    description: The file that says where the server is. Else C(K8S_AUTH_KUBECONFIG), C(KUBECONFIG), C(~/.kube/config).
    type: path
  context:
    description: The context in it. Else C(K8S_AUTH_CONTEXT), or the current one.
    type: str
requirements:
  - python3-kubernetes
author:
  - Virtdeck
"""

EXAMPLES = r"""
- name: Create my first VM
  virtdeck.local.kubevirt_vm:
    namespace: default
    name: vm1
    state: running
    cpu_cores: 1
    memory: 64Mi
    disks:
      - name: containerdisk
        volume:
          containerDisk:
            image: kubevirt/cirros-container-disk-demo:latest
        disk:
          bus: virtio

# As the wizard of Virtdeck writes it.
- name: Create the virtual machine
  virtdeck.local.kubevirt_vm:
    name: web
    namespace: default
    state: running
    run_strategy: RerunOnFailure
    data_volume_templates:
      - metadata: {name: web-disk}
        spec:
          source: {http: {url: "https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-generic-amd64.qcow2"}}
          storage: {resources: {requests: {storage: 8Gi}}}
    spec:
      domain:
        memory: {guest: 1Gi}
        devices: {disks: [{name: disk, disk: {bus: virtio}}]}
      volumes: [{name: disk, dataVolume: {name: web-disk}}]
"""

RETURN = r"""
kubevirt_vm:
  description: The VirtualMachine as the server answered it; empty when it is absent.
  returned: success
  type: dict
causes:
  description: What the server refuses, field by field.
  returned: when the server refuses
  type: list
"""

import json
import time

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib

try:
    from kubernetes import config
    from kubernetes.client.exceptions import ApiException
    from kubernetes.config.config_exception import ConfigException
    from urllib3.exceptions import HTTPError

    MISSING = None
except ImportError as error:
    MISSING = error

POLL_SECONDS = 1
DEVICE_KINDS = ("disk", "cdrom", "lun")
SPEC_FIELDS = {
    "run_strategy": "runStrategy",
    "instancetype": "instancetype",
    "preference": "preference",
    "data_volume_templates": "dataVolumeTemplates",
}
ARGUMENTS = dict(
    name=dict(type="str", required=True),
    namespace=dict(type="str", required=True),
    state=dict(type="str", choices=["present", "absent", "running", "stopped"], default="present"),
    cpu_cores=dict(type="int"),
    memory=dict(type="str"),
    labels=dict(type="dict"),
    disks=dict(
        type="list",
        elements="dict",
        options=dict(
            name=dict(type="str", required=True),
            volume=dict(type="dict", required=True),
            disk=dict(type="dict"),
            cdrom=dict(type="dict"),
            lun=dict(type="dict"),
            boot_order=dict(type="int"),
        ),
        mutually_exclusive=[DEVICE_KINDS],
    ),
    annotations=dict(type="dict"),
    run_strategy=dict(type="str", choices=["Always", "Halted", "Manual", "Once", "RerunOnFailure"]),
    instancetype=dict(type="dict"),
    preference=dict(type="dict"),
    data_volume_templates=dict(type="list", elements="dict"),
    spec=dict(type="dict"),
    wait=dict(type="bool", default=True),
    wait_timeout=dict(type="int", default=120),
    kubeconfig=dict(type="path", fallback=(env_fallback, ["K8S_AUTH_KUBECONFIG"])),
    context=dict(type="str", fallback=(env_fallback, ["K8S_AUTH_CONTEXT"])),
)


def named_disks(disks):
    """The task's disks as KubeVirt has them: devices and volumes of the same names."""
    devices, volumes = [], []
    for disk in disks:
        device = {"name": disk["name"]}
        device.update({kind: disk[kind] for kind in DEVICE_KINDS if disk.get(kind) is not None})
        if disk.get("boot_order") is not None:
            device["bootOrder"] = disk["boot_order"]
        devices.append(device)
        volumes.append(dict(disk["volume"], name=disk["name"]))
    return devices, volumes


def wanted(params):
    """What the task says of the machine, and no more."""
    domain, own, template, body, metadata = {}, {}, {}, {}, {}
    if params["cpu_cores"] is not None:
        domain["cpu"] = {"cores": params["cpu_cores"]}
    if params["memory"] is not None:
        domain["resources"] = {"requests": {"memory": params["memory"]}}
    if params["disks"] is not None:
        devices, own["volumes"] = named_disks(params["disks"])
        domain["devices"] = {"disks": devices}
    if domain:
        own["domain"] = domain
    if params["labels"] is not None:
        metadata["labels"] = texts(params["labels"])
        template["metadata"] = {"labels": metadata["labels"]}
    if params["annotations"] is not None:
        metadata["annotations"] = texts(params["annotations"])
    if own or params["spec"]:
        template["spec"] = merged(params["spec"] or {}, own)
    if template:
        body["template"] = template
    for argument, field in SPEC_FIELDS.items():
        if params[argument] is not None:
            body[field] = params[argument]
    return dict({"metadata": metadata} if metadata else {}, **({"spec": body} if body else {}))


def texts(values):
    """Labels and annotations are text; YAML makes numbers and booleans of some."""
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}


def merged(have, want):
    """`want` over `have`. A list has the rows of `want`, each over the row of its name, so that what the server filled in stays."""
    if isinstance(have, dict) and isinstance(want, dict):
        return dict(have, **{key: merged(have.get(key), value) for key, value in want.items()})
    if isinstance(have, list) and isinstance(want, list):
        rows = {row_name(row): row for row in have if row_name(row) is not None}
        return [merged_row(rows.get(row_name(row), {}), row) if isinstance(row, dict) else row for row in want]
    return want


def row_name(row):
    """Of a disk, a volume, a template; None when rows of this kind have none."""
    if not isinstance(row, dict):
        return None
    metadata = row.get("metadata")
    return row.get("name", metadata.get("name") if isinstance(metadata, dict) else None)


def merged_row(have, want):
    # A disk that becomes a CD-ROM, or a volume of another source, takes over nothing of its former kind.
    if any(isinstance(value, dict) for value in want.values()):
        have = {key: value for key, value in have.items() if key in want or not isinstance(value, dict)}
    return merged(have, want)


def strategy(vm):
    spec = vm["spec"]
    return spec.get("runStrategy") or ("Always" if spec.get("running") else "Halted")


def switched(vm, state):
    """The machine with the run strategy that the state asks for, or as it is when it has one that will do."""
    spec = vm["spec"]
    now = then = strategy(vm)
    if state == "running" and now == "Halted" and not created(vm):
        then = "Always"
    elif state == "stopped" and now != "Manual":
        then = "Halted"
    if then == now and ("runStrategy" in spec or "running" in spec):
        return vm
    return dict(vm, spec=dict({key: value for key, value in spec.items() if key != "running"}, runStrategy=then))


def verb_by_hand(vm, state):
    """What starts or stops a machine whose run strategy leaves that to whoever asks."""
    if strategy(vm) != "Manual":
        return None
    if state == "running" and not created(vm):
        return "start"
    return "stop" if state == "stopped" and created(vm) else None


def created(vm):
    return vm.get("status", {}).get("created") is True


def shown(vm):
    """What a diff is about: not who wrote it when, and not what it is doing."""
    if not vm:
        return {}
    metadata = {key: vm["metadata"][key] for key in ("name", "namespace", "labels", "annotations") if key in vm["metadata"]}
    return {"metadata": metadata, "spec": vm["spec"]}


class Refused(Exception):
    """An answer of the server that is not a success."""

    def __init__(self, error):
        super().__init__(str(error))
        self.code = error.status
        try:
            status = json.loads(error.body)
            status = status if isinstance(status, dict) else {}
        except (TypeError, ValueError):
            status = {}
        self.reason = status.get("reason") or error.reason
        self.causes = (status.get("details") or {}).get("causes") or []
        self.message = status.get("message") or error.reason

    def sentence(self):
        fields = ["%s: %s" % (cause["field"], cause.get("message", "")) for cause in self.causes if cause.get("field")]
        unsaid = [line for line in fields if line not in self.message]
        return "\n".join([self.message] + unsaid)


class Machine:
    """The one VirtualMachine that the task is about, on the server."""

    def __init__(self, module):
        self.api = config.new_client_from_config(config_file=module.params["kubeconfig"], context=module.params["context"])
        self.dry = [("dryRun", "All")] if module.check_mode else []
        self.all = "/apis/kubevirt.io/v1/namespaces/%s/virtualmachines" % module.params["namespace"]
        self.path = "%s/%s" % (self.all, module.params["name"])
        self.verbs = self.path.replace("/apis/", "/apis/subresources.", 1)

    def call(self, method, path, body=None):
        query = [] if method == "GET" else self.dry + [("fieldManager", "kubevirt_vm")]
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        try:
            answer = self.api.call_api(
                path, method, query_params=query, header_params=headers, body=body, auth_settings=["BearerToken"],
                response_type="object", _return_http_data_only=True, _request_timeout=60,
            )
        except ApiException as error:
            raise Refused(error)
        return answer

    def read(self):
        try:
            return self.call("GET", self.path)
        except Refused as refused:
            # A wrong address or API is 404, too, but names no machine.
            if refused.code == 404 and refused.reason == "NotFound":
                return None
            raise

    def create(self, body):
        return self.call("POST", self.all, body)

    def replace(self, body):
        return self.call("PUT", self.path, body)

    def act(self, verb):
        self.call("PUT", "%s/%s" % (self.verbs, verb), {"dryRun": ["All"]} if self.dry else {})

    def delete(self):
        query = {"propagationPolicy": "Foreground"}
        return self.call("DELETE", self.path, dict(query, **({"dryRun": ["All"]} if self.dry else {})))

    def wait(self, done, seconds):
        """The machine as soon as it is as it should be; None when it was not in time."""
        end = time.monotonic() + seconds
        while True:
            vm = self.read()
            if done(vm):
                return vm or {}
            if time.monotonic() >= end:
                return None
            time.sleep(POLL_SECONDS)


def brought(machine, params):
    """Before and after, with the machine made, changed or deleted; and the verb that started or stopped it."""
    before = machine.read()
    if params["state"] == "absent":
        if before and not before["metadata"].get("deletionTimestamp"):
            machine.delete()
        return before, None, None
    want = wanted(params)
    if before is None:
        new = {
            "apiVersion": "kubevirt.io/v1",
            "kind": "VirtualMachine",
            "metadata": {"name": params["name"], "namespace": params["namespace"]},
            "spec": {"template": {"spec": {"domain": {"devices": {}}}}},
        }
        after = machine.create(switched(merged(new, want), params["state"]))
    else:
        after = switched(merged(before, want), params["state"])
        after = before if after == before else machine.replace(after)
    verb = verb_by_hand(after, params["state"])
    # A rehearsal has made no machine that could be asked to start.
    if verb and not (machine.dry and before is None):
        machine.act(verb)
    return before, after, verb


def settled(state):
    if state == "absent":
        return lambda vm: vm is None
    if state == "running":
        return lambda vm: bool(vm) and vm.get("status", {}).get("ready") is True
    return lambda vm: bool(vm) and not created(vm)


def plight(vm):
    """Why a machine is not yet where it should be, in the server's words."""
    status = (vm or {}).get("status", {})
    conditions = [row for row in status.get("conditions", []) if row.get("message")]
    said = [row["message"] for row in conditions if row["type"] == "Failure" or row.get("status") == "False"]
    return ". ".join([status.get("printableStatus", "no status")] + said)


def run(module):
    params = module.params
    machine = Machine(module)
    for attempt in range(5):
        try:
            before, after, verb = brought(machine, params)
            break
        except Refused as refused:
            # Somebody else wrote between our reading and writing: look again.
            if refused.code != 409 or refused.reason != "Conflict" or attempt == 4:
                raise
    changed = shown(before) != shown(after) or verb is not None
    result = dict(changed=changed, kubevirt_vm=after or {}, diff=dict(before=shown(before), after=shown(after)))
    if params["wait"] and params["state"] != "present" and not module.check_mode:
        ended = machine.wait(settled(params["state"]), params["wait_timeout"])
        if ended is None:
            said = "%s/%s is not %s after %d s: %s" % (
                params["namespace"], params["name"], params["state"], params["wait_timeout"], plight(machine.read()))
            module.fail_json(msg=said, **result)
        result["kubevirt_vm"] = ended
    module.exit_json(**result)


def main():
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    if MISSING:
        module.fail_json(msg=missing_required_lib("kubernetes"), exception=str(MISSING))
    try:
        run(module)
    except Refused as refused:
        module.fail_json(msg=refused.sentence(), code=refused.code, reason=refused.reason, causes=refused.causes)
    except ConfigException as error:
        module.fail_json(msg="kubeconfig: %s" % error)
    except HTTPError as error:
        module.fail_json(msg="The server of the kubeconfig does not answer: %s" % error)


if __name__ == "__main__":
    main()
