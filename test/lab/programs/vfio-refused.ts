// Owns asking for a device of a computer that has no IOMMU.
// Must not judge the answer; the test does.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { bundledHelper } from '../../../native/index.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const devices = '/sys/bus/pci/devices';

const main: LabProgramMain = async (lab) => {
  const nic = readdirSync(devices).find((address) => readFileSync(`${devices}/${address}/device`, 'utf8').trim() === '0x10d3') ?? '';
  // It ends with 1 for a refusal.
  const answer = execFileSync('sh', ['-c', `${bundledHelper} || true`], { input: JSON.stringify({ verb: 'vfio-bind', address: nic }) });
  lab.report({ answer: JSON.parse(answer.toString('utf8')) as unknown, driver: path.basename(readlinkSync(`${devices}/${nic}/driver`)) });
};

export default main;
