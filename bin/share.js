#!/usr/bin/env node
import { main } from '../dist/lib/share/main.js';

process.exitCode = await main(process.argv.slice(2));
