import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { hideSourceMaps } from './source-maps.ts';

describe('hideSourceMaps', () => {
  const folder = temporaryFolder();

  it('takes the names of the maps away, nothing else, until they are to be there again', () => {
    mkdirSync(join(folder(), 'below'));
    const contents = {
      'a.js': `const name = '//# sourceMappingURL=of-a-text';\nrun('ü');\n//# sourceMappingURL=a.js.map`,
      'below/b.js': 'run();\n//# sourceMappingURL=b.js.map\n',
      'below/plain.js': 'run();\n',
      'a.d.ts': '//# sourceMappingURL=a.d.ts.map',
    };
    for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder(), name), content);
    const read = () =>
      Object.fromEntries(Object.keys(contents).map((name) => [name, readFileSync(join(folder(), name), 'utf8')]));

    const show = hideSourceMaps(folder());
    expect(read()).toEqual({
      ...contents,
      'a.js': `const name = '//# sourceMappingURL=of-a-text';\nrun('ü');\n`,
      'below/b.js': 'run();\n',
    });
    show();
    expect(read()).toEqual(contents);
  });
});
