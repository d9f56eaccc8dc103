
// Joins the later parts of the program to what runs already: when the reader first touches the page, or on the spot when
// something of one is called before that.
const parts = 'PARTS';
const order = Object.keys(parts);
const compiled = {};
// What a part may import of the program: of the first part, functions by their place in its table, and of those that joined
// before.
let joined;
const ofFirst = () => Object.fromEntries(Array.from({ length: wasm.lent.length }, (_, i) => [i.toString(36), wasm.lent.get(i)]));
const isThere = (part) => Boolean(wasm[`${part}Loaded`].value);
const addressOf = (part) => new URL(parts[part][0], import.meta.url);
const compile = (part) => WebAssembly.compileStreaming(fetch(addressOf(part), { integrity: parts[part][1] }));

// Where the files are on this machine already, or the page is a frame that other pages talk to, all parts start together;
// what a link may ask starts with the first where there is one.
async function partsWithFirst() {
    let kept = false;
    try {
        kept = Boolean(navigator.serviceWorker?.controller);
    } catch {
        // A frame without an origin of its own has no service worker to ask.
    }
    const all = kept || /[?&]embed=/.test(location.search);
    const asked = all ? order : location.hash.length > 1 ? ['soon'] : [];
    await Promise.all(asked.map(async (part) => { compiled[part] = await compile(part).catch(() => undefined); }));
}

function joinPart(part, module) {
    if (isThere(part)) return;
    const { exports } = new WebAssembly.Instance(module, { ...__wbg_get_imports(), first: { ...wasm, ...(joined ??= ofFirst()) } });
    joined = { ...joined, ...exports };
    wasm[`${part}Loaded`].value = 1;
}

// Parts join in their order, on the spot as well. Binary text is the one form in which a synchronous request may answer; a
// digest cannot be asked of it.
function partNow(last) {
    for (const part of order.slice(0, order.indexOf(last) + 1)) if (!isThere(part)) fetchNow(part);
}

function fetchNow(part) {
    const request = new XMLHttpRequest();
    try {
        request.open('GET', addressOf(part), false);
        request.overrideMimeType('text/plain; charset=x-user-defined');
        request.send();
        if (request.status !== 200) throw new Error(`status ${request.status}`);
        joinPart(part, new WebAssembly.Module(Uint8Array.from(request.responseText, (c) => c.charCodeAt(0) & 255)));
    } catch (error) {
        sayPartFailed(error);
        throw error;
    }
}

function sayPartFailed(error) {
    if (document.getElementById('failure')) return undefined;
    const banner = document.createElement('section');
    banner.id = 'failure';
    banner.setAttribute('role', 'alert');
    const add = (tag, text) => banner.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
    add('h2', 'A part of the planner did not arrive');
    add('p', 'What is shown stays, but the page cannot go on without it. Your link is below and in the address: keep it, and try again with a connection.');
    const link = add('pre', location.href);
    // The address follows a move after a rest.
    const following = setInterval(() => {
        link.textContent = location.href;
        if (!banner.isConnected) clearInterval(following);
    }, 500);
    add('pre', String(error));
    add('button', 'Try again');
    document.body.prepend(banner);
    return banner;
}

const touches = ['pointermove', 'pointerdown', 'touchstart', 'wheel', 'scroll', 'keydown', 'focusin', 'crossover:near'];
// Between two attempts, ms: a pointer that moves over the page asks in every frame.
const PATIENCE = 2000;
let said;
function fetchParts() {
    for (const touch of touches) removeEventListener(touch, fetchParts, true);
    const missing = order.filter((part) => !isThere(part));
    const joining = missing.reduce((before, part) => Promise.all([before, compile(part)]).then(([, module]) => joinPart(part, module)), Promise.resolve());
    // The program waits for this before it builds what is further down and what is folded away. After a failure the next
    // touch tries again, and so does whoever needs a part.
    window.crossoverRest = joining.then(() => {
        takeBack();
        return true;
    }).catch((error) => {
        said ??= sayPartFailed(error);
        setTimeout(listen, PATIENCE);
        return false;
    });
}

// Not from under the pointer of who is about to press its button.
function takeBack() {
    if (said?.matches(':hover, :focus-within')) setTimeout(takeBack, 500);
    else said?.remove();
}

function listen() {
    for (const touch of touches) addEventListener(touch, fetchParts, { capture: true, passive: true });
}

function watchForTouch() {
    for (const part of order) {
        if (!compiled[part]) break;
        joinPart(part, compiled[part]);
    }
    if (!order.every(isThere)) listen();
}
