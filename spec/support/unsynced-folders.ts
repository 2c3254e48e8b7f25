import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/**
 * From now on until the end of the spec the disk does not say of any folder that it keeps the names in it: the last step
 * of replaceFile fails, in this process.
 */
export async function failToSyncFolders(): Promise<void> {
  const folder = await open(tmpdir(), 'r');
  const handles: Pick<FileHandle, 'sync'> = Object.getPrototypeOf(folder);
  await folder.close();
  const { sync } = handles;
  spyOn(handles, 'sync').and.callFake(async function (this: FileHandle) {
    if ((await this.stat()).isDirectory()) throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
    await sync.call(this);
  });
}
