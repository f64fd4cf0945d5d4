// Owns running one QEMU by hand in a test: serial text, QMP and the end, so that a disk is proven without our own engine.
// Must not use host/qemu: a test of images must not depend on what starts machines.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface RawQemu extends AsyncDisposable {
  /** Everything that the guest has printed on its serial port, escape sequences removed. */
  text(): string;
  /** Resolves with the match when it appears; rejects with the tail of the text when QEMU ends or time is up. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  /** What was printed so far no longer counts for waitFor. */
  forget(): void;
  type(text: string): void;
  qmp(execute: string): Promise<unknown>;
  /** One command to the guest agent. */
  agent(execute: string, timeoutMs: number): Promise<unknown>;
  readonly exited: Promise<number | null>;
}

export interface RawQemuOptions {
  readonly firmware: 'bios' | 'uefi' | 'secure-boot';
  readonly memoryMiB: number;
  readonly args: readonly string[];
}

const ovmf = '/usr/share/OVMF';

export async function rawQemu(options: RawQemuOptions): Promise<RawQemu> {
  const folder = await mkdtemp(path.join(tmpdir(), 'virtdeck-raw-'));
  const args = [
    `-nodefaults -no-user-config -display none -accel tcg -cpu max -m ${options.memoryMiB} -serial stdio`,
    `-qmp unix:${folder}/qmp,server=on,wait=off -device virtio-rng-pci -device virtio-serial-pci`,
    `-chardev socket,id=agent,path=${folder}/agent,server=on,wait=off`,
    `-device virtserialport,chardev=agent,name=org.qemu.guest_agent.0`,
    firmwareArgs(options.firmware),
  ].flatMap((line) => line.split(' '));
  const child = spawn('nice', ['qemu-system-x86_64', ...args, ...options.args], { stdio: ['pipe', 'pipe', 'pipe'] });
  return new Session(child, folder);
}

function firmwareArgs(firmware: RawQemuOptions['firmware']): string {
  if (firmware === 'bios') return '-machine q35';
  const secure = firmware === 'secure-boot';
  const code = secure ? 'OVMF_CODE_4M.ms.fd' : 'OVMF_CODE_4M.fd';
  const variables = secure ? 'OVMF_VARS_4M.ms.fd' : 'OVMF_VARS_4M.fd';
  return [
    `-machine ${secure ? 'q35,smm=on' : 'q35'} -global driver=cfi.pflash01,property=secure,value=on`,
    `-drive if=pflash,unit=0,format=raw,readonly=on,file=${ovmf}/${code}`,
    `-drive if=pflash,unit=1,format=raw,snapshot=on,file=${ovmf}/${variables}`,
  ].join(' ');
}

class Session implements RawQemu {
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly folder: string;
  private serial = '';
  private errors = '';
  private forgotten = 0;
  private monitor: Socket | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(child: ChildProcess, folder: string) {
    this.child = child;
    this.folder = folder;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.serial += chunk.toString('latin1');
      this.tell();
    });
    child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    this.exited = new Promise((resolve) => child.once('exit', resolve));
    void this.exited.then(() => this.tell());
  }

  text(): string {
    // oxlint-disable-next-line no-control-regex -- escape sequences of the firmware and of shells
    return this.serial.replaceAll(/\u001b(\[[0-9;?=]*[A-Za-z]|\][^\u0007]*\u0007|[()][A-Z0-9])/g, '');
  }

  forget(): void {
    this.forgotten = this.text().length;
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  async waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    return await new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.listeners.delete(look);
      };
      const fail = (why: string): void => {
        settle();
        reject(new Error(`${why} waiting for ${String(pattern)}; stderr: ${this.errors}; serial: ${this.text().slice(-2000)}`));
      };
      const look = (): void => {
        const match = pattern.exec(this.text().slice(this.forgotten));
        if (match !== null) {
          settle();
          resolve(match);
        } else if (this.child.exitCode !== null) fail(`QEMU ended with ${this.child.exitCode}`);
      };
      const timer = setTimeout(() => fail(`${timeoutMs} ms went by`), timeoutMs);
      this.listeners.add(look);
      look();
    });
  }

  async qmp(execute: string): Promise<unknown> {
    if (this.monitor === undefined) {
      this.monitor = connect(path.join(this.folder, 'qmp'));
      await jsonLine(this.monitor, (message) => 'QMP' in message);
      this.monitor.write('{"execute":"qmp_capabilities"}\n');
      await jsonLine(this.monitor, (message) => 'return' in message);
    }
    this.monitor.write(`${JSON.stringify({ execute })}\n`);
    return await jsonLine(this.monitor, (message) => 'return' in message || 'error' in message);
  }

  async agent(execute: string, timeoutMs: number): Promise<unknown> {
    const socket = connect(path.join(this.folder, 'agent'));
    const timer = setTimeout(() => socket.destroy(new Error(`the agent did not answer ${execute}`)), timeoutMs);
    try {
      socket.write(`${JSON.stringify({ execute })}\n`);
      return await jsonLine(socket, (message) => 'return' in message || 'error' in message);
    } finally {
      clearTimeout(timer);
      socket.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.monitor?.destroy();
    this.child.kill('SIGKILL');
    await this.exited;
    await rm(this.folder, { recursive: true, force: true });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

async function jsonLine(socket: Socket, wanted: (message: object) => boolean): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    let text = '';
    const settle = (): void => {
      socket.off('data', onData);
      socket.off('error', reject);
      socket.off('close', onClose);
    };
    const onClose = (): void => reject(new Error('the socket was closed'));
    const onData = (chunk: Buffer): void => {
      text += chunk.toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const message: unknown = line.trim() === '' ? undefined : JSON.parse(line);
        if (typeof message === 'object' && message !== null && wanted(message)) {
          settle();
          resolve(message);
          return;
        }
      }
    };
    socket.on('data', onData);
    socket.once('error', reject);
    socket.once('close', onClose);
  });
}
