import type { Script, ScriptedCommand } from './scripted-server.ts';

/** FEAT of a server that tells of files by MLST, and of none by hashes. */
export const FACTS = '211-I can\n MLST type*;size*;modify*;\n SIZE\n MDTM\n REST STREAM\n211 that';

/** FEAT of one that knows only LIST. */
export const LISTS = '211-I can\n SIZE\n MDTM\n REST STREAM\n211 that';

/** The answer to MLST by what a scripted server holds. */
export function facts({ argument, files }: ScriptedCommand): string {
  if (argument === '/') return '250-\n type=dir; /\n250 so';
  const there = files.get(argument);
  return there
    ? `250-\n type=file;size=${there.length};modify=20200913122640; ${argument}\n250 so`
    : '550 no such file';
}

/** The ways of a server that knows only LIST, which gives these lines. */
export function listing(...lines: readonly string[]): Script {
  return {
    FEAT: LISTS,
    LIST: async ({ data, control }) => {
      const socket = await data();
      control.write('150 listen\r\n');
      await new Promise<void>((resolve) => {
        socket.once('close', resolve).resume();
        socket.end(lines.map((line) => `${line}\r\n`).join(''));
      });
      return '226 that is all';
    },
  };
}
