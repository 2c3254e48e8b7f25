import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shuffledPorts, systemPorts } from '../../lib/server/passive-ports.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('shuffledPorts', () => {
  it('leaves the choice to the system without a range', () => {
    expect([...shuffledPorts(undefined)]).toEqual([0]);
  });

  it('gives each port of a small range once, beginning anywhere', () => {
    const starts = new Set<number | undefined>();
    for (let round = 0; round < 200; round += 1) {
      const ports = [...shuffledPorts({ first: 5000, last: 5003 })];
      starts.add(ports[0]);
      expect(ports.sort()).toEqual([5000, 5001, 5002, 5003]);
    }
    expect(starts.size).toBe(4);
  });

  it('leaves out what lies between the steps', () => {
    const ports = [...shuffledPorts({ first: 5001, last: 5006, step: 2 })];
    expect(ports.sort()).toEqual([5001, 5003, 5005]);
  });

  it('gives up after some tries of a large one', () => {
    const ports = [...shuffledPorts({ first: 30_000, last: 39_999 })];
    expect(ports.length).toBe(64);
    expect(ports.every((port) => port >= 30_000 && port <= 39_999)).toBeTrue();
  });
});

describe('systemPorts', () => {
  const folder = temporaryFolder();

  function tell(range: string, reserved: string): void {
    writeFileSync(join(folder(), 'ip_local_port_range'), range);
    writeFileSync(join(folder(), 'ip_local_reserved_ports'), reserved);
  }

  it('are the second half of those that the system tells: connections get the first', () => {
    tell('32768\t60999\n', '\n');
    expect(systemPorts(folder())).toEqual({ first: 32_769, last: 60_999, step: 2 });
  });

  it('are not known where some are kept for others, or nothing is told', () => {
    tell('32768\t60999\n', '40000-40010,50000\n');
    expect(systemPorts(folder())).toBeUndefined();
    tell('something else', '');
    expect(systemPorts(folder())).toBeUndefined();
    expect(systemPorts(join(folder(), 'missing'))).toBeUndefined();
  });
});
