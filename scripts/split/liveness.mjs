// Which locals of a function are read later, at every place of its tree: `before` and `after` of each tree, as sets of
// bits, and `atLabel` for the targets of jumps.
import { binaryen } from "./tree.mjs";

const { BlockId, IfId, LoopId, BreakId, SwitchId, ReturnId, UnreachableId, LocalGetId, LocalSetId } = binaryen;

/** Targets of a jump. */
export function targetsOf({ id, name, names, defaultName }) {
  if (id === BreakId) return [name];
  return id === SwitchId ? [...new Set([...names, defaultName])] : [];
}

/** Notes on every tree of a function which locals are read after it; returns what is read at each label. */
export function noteLiveness(tree) {
  const atLabel = new Map();
  const inOrder = (parts, after) => parts.reduceRight((live, part) => note(part, live), after);
  const note = (tree, after) => {
    tree.after = after;
    return (tree.before = before(tree, after));
  };
  const before = ({ info, parts }, after) => {
    switch (info.id) {
      case BlockId:
        if (info.name) declare(info.name, after);
        return inOrder(parts, after);
      case LoopId: {
        if (!info.name) return inOrder(parts, after);
        if (!atLabel.has(info.name)) atLabel.set(info.name, 0n);
        for (;;) {
          const live = inOrder(parts, after);
          if (live === atLabel.get(info.name)) return live;
          atLabel.set(info.name, live);
        }
      }
      case IfId: {
        const [condition, yes, no] = parts;
        return note(condition, note(yes, after) | (no ? note(no, after) : after));
      }
      case BreakId:
      case SwitchId: {
        const goesOn = info.id === BreakId && info.condition;
        const live = targetsOf(info).reduce((all, name) => all | atLabel.get(name), goesOn ? after : 0n);
        return inOrder(parts, live);
      }
      case ReturnId:
      case UnreachableId:
        return inOrder(parts, 0n);
      case LocalGetId:
        return after | (1n << BigInt(info.index));
      case LocalSetId:
        return inOrder(parts, after & ~(1n << BigInt(info.index)));
      default:
        return inOrder(parts, after);
    }
  };
  // Within a loop a label is met again with what the loop's next turn reads.
  const declare = (name, live) => atLabel.set(name, live);
  note(tree, 0n);
  return atLabel;
}
