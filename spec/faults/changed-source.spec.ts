import { type FarSide, startFarSide } from '../support/far-side.ts';
import { FaultScene, inProcess } from '../support/faults/fault-scene.ts';

const SMALL_FILES = [...Array(16).keys()].map((index) => `small/${index}.txt`);
const sizes: Readonly<Record<string, number>> = {
  'has grown': 2000,
  'has grown to a large one': 300_000,
  'has shrunk': 50,
  'was emptied': 0,
};

describe('a small file that is sent ahead, and', () => {
  let far: FarSide | undefined;
  let scene: FaultScene | undefined;
  afterEach(async () => {
    await scene?.dispose();
    await far?.stop();
  });

  async function openScene(): Promise<FaultScene> {
    far = await startFarSide('embedded');
    scene = await FaultScene.open(far, 'far', inProcess);
    scene.writeFirst();
    await scene.run();
    scene.change();
    return scene;
  }

  for (const [what, size] of Object.entries(sizes)) {
    it(`${what} since it was scanned, is sent as it is by then`, async () => {
      const scene = await openScene();
      const { status, lies, differences } = await scene.run(() => {
        for (const path of SMALL_FILES) scene.resize(path, size);
      });
      expect({ status, lies, differences }).toEqual({ status: 0, lies: [], differences: [] });
      expect((await scene.run()).sent).toEqual([]);
    });

    it(`${what} since it was read, is known for what was sent, and sent whole by the next cycle`, async () => {
      const scene = await openScene();
      scene.proxy.arm({
        command: /^STOR .*\/small\//,
        nth: 6,
        meanwhile: () => {
          for (const path of SMALL_FILES) scene.resizeBehind(path, size);
        },
      });
      const { lies, differences } = await scene.run();
      expect(scene.proxy.happened).toEqual([1]);
      expect(lies).toEqual([]);
      expect(differences.filter((line) => / in the journal: /.test(line))).toEqual([]);
      const behind = SMALL_FILES.filter((path) => differences.some((line) => line.includes(path)));
      expect(behind.length).toBeGreaterThan(1);
      const next = await scene.run();
      expect([...next.sent].sort()).toEqual(behind.sort());
      expect(next.status).toBe(0);
      expect(next.lies).toEqual([]);
      expect(next.differences).toEqual([]);
    });
  }
});
