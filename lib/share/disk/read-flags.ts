import { constants } from 'node:fs';

/** To open a file to read it: a pipe that somebody put in its place does not hold up who opens it, and cannot be read then. */
export const TO_READ = constants.O_RDONLY | constants.O_NONBLOCK;
