#!/usr/bin/env node
const { answerAtOnce, startProgram } = require('../bundle/main.cjs');

if (!answerAtOnce()) {
  require('./compiled-code.js');
  startProgram();
}
