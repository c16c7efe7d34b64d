#!/usr/bin/env node
const { answerAtOnce, startProgram } = require('../bundle/main.cjs');

if (!answerAtOnce()) startProgram(() => require('./compiled-code.js'));
