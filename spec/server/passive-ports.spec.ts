import { shuffledPorts } from '../../lib/server/passive-ports.ts';

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

  it('gives up after some tries of a large one', () => {
    const ports = [...shuffledPorts({ first: 30_000, last: 39_999 })];
    expect(ports.length).toBe(64);
    expect(ports.every((port) => port >= 30_000 && port <= 39_999)).toBeTrue();
  });
});
