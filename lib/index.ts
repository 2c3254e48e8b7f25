export { CodedError } from './base/coded-error.ts';
export { Directory } from './files/directory.ts';
export { File } from './files/file.ts';
