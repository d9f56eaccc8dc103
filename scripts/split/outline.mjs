// Makes functions of their own of the ways through a program that the first view does not take, so that they can be
// moved with the rest. What such a way reads of its function's locals it is given; what it leaves in them for later, and
// how it ends, it tells through globals.
import { binaryen, treeOf } from "./tree.mjs";
import { noteLiveness, targetsOf } from "./liveness.mjs";
import { LEAST, nameOfSpot, spotsOf, weight } from "./spots.mjs";

const { BlockId, IfId, LoopId, BreakId, SwitchId, ReturnId, LocalGetId, LocalSetId } = binaryen;
const { i32, i64, f32, f64, none, unreachable } = binaryen;
const KINDS = new Map([[i32, "i32"], [i64, "i64"], [f32, "f32"], [f64, "f64"]]);

const bits = (set) => { const all = []; for (let i = 0; set; i += 1, set >>= 1n) if (set & 1n) all.push(i); return all; };

/** What a way does to its function: labels it jumps to, whether it returns, locals it writes, or null where it cannot be
 * taken out: jumps that carry a value. */
function effectsOf(parts) {
  const [inside, exits] = [new Set(), new Set()];
  let [returns, written, used, possible] = [false, 0n, 0n, true];
  const visit = ({ info, parts }) => {
    if ((info.id === BlockId || info.id === LoopId) && info.name) inside.add(info.name);
    if (info.id === ReturnId) returns = true;
    if (info.id === LocalSetId) written |= 1n << BigInt(info.index);
    if (info.id === LocalGetId || info.id === LocalSetId) used |= 1n << BigInt(info.index);
    parts.forEach(visit);
    for (const name of targetsOf(info)) {
      if (inside.has(name)) continue;
      if (info.value) possible = false;
      exits.add(name);
    }
  };
  parts.forEach(visit);
  return possible ? { exits: [...exits], returns, written, used } : null;
}

/** Takes ways out of the functions of a module. */
export class Outliner {
  constructor(module) {
    this.module = module;
    this.globals = new Set();
    this.count = 0;
  }

  /** The global that carries the `n`th value of a type. */
  carrier(type, n) {
    const name = `carried ${KINDS.get(type)} ${n}`;
    if (!this.globals.has(name)) {
      this.globals.add(name);
      this.module.addGlobal(name, type, true, this.zero(type));
    }
    return name;
  }

  /** Carriers for one way, each once. */
  carriers() {
    const counts = new Map();
    return (type) => {
      const n = counts.get(type) ?? 0;
      counts.set(type, n + 1);
      return this.carrier(type, n);
    };
  }

  zero(type) {
    return type === i64 ? this.module.i64.const(0n) : this.module[KINDS.get(type)].const(0);
  }

  /** Takes the ways of a function out that are of other parts than the first; returns their names and parts. */
  outline(ref, partOfName) {
    const f = binaryen.getFunctionInfo(ref);
    const tree = treeOf(f.body);
    if (!tree) return [];
    const spots = spotsOf(tree).map((spot) => ({ ...spot, part: partOfName(nameOfSpot(f.name, spot)) })).filter((spot) => spot.part);
    if (spots.length === 0) return [];
    const atLabel = noteLiveness(tree);
    const gone = new Set();
    const mark = (part) => { gone.add(part); part.parts.forEach(mark); };
    const taken = [];
    for (const spot of spots) {
      const way = gone.has(spot.parts[0]) ? null : this.wayOf(f, spot, atLabel);
      if (!way) continue;
      spot.parts.forEach(mark);
      const name = `${f.name} way ${taken.length}`;
      this.takeOut(ref, f, spot, way, name);
      taken.push([name, spot.part]);
    }
    this.count += taken.length;
    return taken;
  }

  /** What is to be known of a way to take it out; null where that cannot be done or is not worth it. */
  wayOf(f, { parts }, atLabel) {
    const size = parts.reduce((sum, part) => sum + weight(part), 0);
    if (size < LEAST) return null;
    const effects = effectsOf(parts);
    if (!effects) return null;
    const last = parts.at(-1);
    const value = binaryen.getExpressionType(last.ref);
    const fallsThrough = value !== unreachable;
    const ends = effects.exits.map((name) => atLabel.get(name));
    if (fallsThrough) ends.push(last.after);
    const given = bits(parts[0].before & effects.used);
    const left = bits(ends.reduce((all, live) => all | live, 0n) & effects.written);
    const types = [...binaryen.expandType(f.params), ...f.vars];
    const all = bits(effects.used).map((i) => types[i]);
    if (!all.every((type) => KINDS.has(type))) return null;
    if (![none, unreachable].includes(value) && !KINDS.has(value)) return null;
    if (f.results !== none && !KINDS.has(f.results)) return null;
    const rest = bits(effects.used).filter((i) => !given.includes(i));
    const cost = 6 + 2 * given.length + 4 * left.length + (effects.exits.length > 1 ? 6 * effects.exits.length : 2);
    if (size < cost + 2) return null;
    return { ...effects, value, fallsThrough, given, left, rest, types };
  }

  takeOut(ref, f, spot, way, name) {
    const { module } = this;
    const { exits, returns, value, fallsThrough, given, left, rest, types } = way;
    const hasValue = KINDS.has(value);
    // How the way ends where it may end differently: 0 at its end, then by the labels, last by a return.
    const tells = (fallsThrough ? 1 : 0) + exits.length + (returns ? 1 : 0) > 1;
    const returned = exits.length + 1;
    const returnsValue = returns && f.results !== none;
    // What the call itself hands over: the function's own result, how the way ended, or the one thing it leaves.
    const by = returnsValue ? "return" : tells ? "ending" : hasValue ? "value" : left.length === 1 && !returns ? "local" : "nothing";
    const results = { return: f.results, ending: i32, value, local: types[left[0]], nothing: none }[by];
    const next = this.carriers();
    const ending = by === "return" && tells ? next(i32) : null;
    const carried = by === "local" ? [] : left.map((i) => [i, next(types[i])]);
    const valueCarrier = hasValue && by !== "value" ? next(value) : null;

    // The way as a function: what it is given, its other locals, and one for what it hands over last.
    const place = new Map([...given, ...rest].map((i, n) => [i, n]));
    const spare = place.size;
    const local = (i) => module.local.get(place.get(i), types[i]);
    const carry = () => carried.map(([i, carrier]) => module.global.set(carrier, local(i)));
    const leave = (code) => {
      const end = ending ? [module.global.set(ending, module.i32.const(code))] : [];
      const hand = { return: () => this.zero(results), ending: () => module.i32.const(code), local: () => local(left[0]) }[by]?.();
      return [...carry(), ...end, module.return(hand)];
    };
    const rewrite = ({ info, ref, parts }) => {
      if (info.id === LocalGetId) binaryen.LocalGet.setIndex(ref, place.get(info.index));
      if (info.id === LocalSetId) binaryen.LocalSet.setIndex(ref, place.get(info.index));
      parts.forEach(rewrite);
      if (info.id === ReturnId && by === "ending") binaryen.Return.setValue(ref, module.i32.const(returned));
      if (info.id === ReturnId && ending) {
        const said = [module.local.set(spare, info.value), module.global.set(ending, module.i32.const(returned)), module.local.get(spare, results)];
        binaryen.Return.setValue(ref, module.block(null, said, results));
      }
    };
    spot.parts.forEach(rewrite);
    const refs = spot.parts.map((part) => part.ref);
    if (by === "value") refs.push(module.local.set(spare, refs.pop()), ...carry(), module.return(module.local.get(spare, value)));
    else if (valueCarrier) refs.push(module.global.set(valueCarrier, refs.pop()), ...leave(0));
    else if (fallsThrough) refs.push(...leave(0));
    let body = module.block(null, refs, unreachable);
    exits.forEach((label, i) => { body = module.block(null, [module.block(label, [body], none), ...leave(i + 1)], unreachable); });
    const vars = [...rest.map((i) => types[i]), ...(by === "value" || ending ? [results] : [])];
    module.addFunction(name, binaryen.createType(given.map((i) => types[i])), results, vars, body);

    // The call in its place.
    const call = module.call(name, given.map((i) => module.local.get(i, types[i])), results);
    const type = !fallsThrough ? unreachable : hasValue ? value : none;
    this.put(spot, this.callOf(ref, call, { ...way, by, tells, returned, ending, carried, valueCarrier, results, hasValue }), type);
  }

  /** The call of a way, and what follows from how it ended. */
  callOf(ref, call, { by, tells, returned, ending, carried, valueCarrier, results, hasValue, returns, fallsThrough, exits, left, value, types }) {
    const { module } = this;
    if (returns && !tells) return by === "return" ? [module.return(call)] : [call, module.return()];
    const keep = by === "return" || by === "ending" || (by === "value" && carried.length > 0);
    const kept = keep ? binaryen._BinaryenFunctionAddVar(ref, results) : null;
    const list = [];
    if (keep) list.push(module.local.set(kept, call));
    else if (by === "local") list.push(module.local.set(left[0], call));
    else list.push(call);
    const is = (code) => module.i32.eq(ending ? module.global.get(ending, i32) : module.local.get(kept, i32), module.i32.const(code));
    if (returns) list.push(module.if(is(returned), module.return(by === "return" ? module.local.get(kept, results) : undefined)));
    list.push(...carried.map(([i, carrier]) => module.local.set(i, module.global.get(carrier, types[i]))));
    const jumps = exits.map((label, i) => [label, i + 1]);
    const last = fallsThrough ? null : jumps.pop();
    for (const [label, code] of jumps) list.push(module.break(label, is(code)));
    if (last) list.push(module.break(last[0]));
    else if (!fallsThrough) list.push(module.unreachable());
    if (valueCarrier) list.push(module.global.get(valueCarrier, value));
    else if (hasValue && keep) list.push(module.local.get(kept, value));
    return list;
  }

  /** Puts expressions in the place of a way. */
  put({ holder, at }, list, type) {
    const { module } = this;
    if (holder.info.id === IfId) {
      const arm = module.block(null, list, type);
      if (at === 1) binaryen.If.setIfTrue(holder.ref, arm);
      else binaryen.If.setIfFalse(holder.ref, arm);
      return;
    }
    for (let i = binaryen.Block.getNumChildren(holder.ref) - 1; i >= at; i -= 1) binaryen.Block.removeChildAt(holder.ref, i);
    list.forEach((ref) => binaryen.Block.appendChild(holder.ref, ref));
  }
}
