// What would lead into another folder, or end a command or a line.
const NOWHERE = /[/\0\r\n]/;
// Separators of paths, drives and streams on Windows, and what it keeps for itself or cuts off.
const NOT_ON_WINDOWS = /[\\:*?"<>|\p{Cc}]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/iu;

/**
 * Can an entry of a folder here have this name, and does it stay in that folder? For names that others gave: one from a
 * listing may be meant to lead elsewhere.
 */
export function isLocalName(name: string, platform: NodeJS.Platform = process.platform): boolean {
  if (name === '' || name === '.' || name === '..' || NOWHERE.test(name)) return false;
  return platform !== 'win32' || !NOT_ON_WINDOWS.test(name);
}
