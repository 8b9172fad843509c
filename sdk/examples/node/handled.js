// Remembers which events were handled, in a file of one id a line, so that a restart repeats none.
"use strict";

const fs = require("node:fs");

function handledEvents(path) {
  const ids = new Set(fs.existsSync(path) ? fs.readFileSync(path, "utf8").split("\n").filter(Boolean) : []);
  const file = fs.openSync(path, "a");
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      fs.writeSync(file, `${id}\n`);
      fs.fsyncSync(file); // on disk before the broker is told that it is done
    },
  };
}

module.exports = { handledEvents };
