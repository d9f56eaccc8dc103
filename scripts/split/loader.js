
// Joins the rest of the program to what runs already: when the reader first touches the page, or on the spot when
// something of it is called before that.
const laterAddress = new URL('LATER', import.meta.url);
const laterIntegrity = 'LATER_INTEGRITY';
let later;
let laterAtStart;

// Where the file is on this machine already, or the page is a frame that other pages talk to, both parts start together.
async function laterWithFirst() {
    let kept = false;
    try {
        kept = Boolean(navigator.serviceWorker?.controller);
    } catch {
        // A frame without an origin of its own has no service worker to ask.
    }
    if (!kept && !/[?&]embed=/.test(location.search)) return;
    laterAtStart = await WebAssembly.compileStreaming(fetch(laterAddress, { integrity: laterIntegrity })).catch(() => undefined);
}

function joinLater(module) {
    if (wasm.loaded.value) return;
    new WebAssembly.Instance(module, { ...__wbg_get_imports(), first: wasm });
    wasm.loaded.value = 1;
}

// Binary text is the one form in which a synchronous request may answer; a digest cannot be asked of it.
function laterNow() {
    const request = new XMLHttpRequest();
    try {
        request.open('GET', laterAddress, false);
        request.overrideMimeType('text/plain; charset=x-user-defined');
        request.send();
        if (request.status !== 200) throw new Error(`status ${request.status}`);
        joinLater(new WebAssembly.Module(Uint8Array.from(request.responseText, (c) => c.charCodeAt(0) & 255)));
    } catch (error) {
        sayLaterFailed(error);
        throw error;
    }
}

function sayLaterFailed(error) {
    if (document.getElementById('failure')) return;
    const banner = document.createElement('section');
    banner.id = 'failure';
    banner.setAttribute('role', 'alert');
    const add = (tag, text) => banner.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
    add('h2', 'Crossover stopped');
    add('p', 'The rest of the planner could not be fetched. Your link is below; open it again when you are back online.');
    add('pre', location.href);
    add('pre', String(error));
    add('button', 'Try again');
    document.body.prepend(banner);
}

const touches = ['pointermove', 'pointerdown', 'touchstart', 'wheel', 'scroll', 'keydown', 'focusin'];
function fetchLater() {
    for (const touch of touches) removeEventListener(touch, fetchLater, true);
    // A failure is tried again by whoever needs it.
    later ??= WebAssembly.compileStreaming(fetch(laterAddress, { integrity: laterIntegrity })).then((module) => joinLater(module)).then(() => true).catch(() => false);
    // The program waits for it before it builds what is folded away.
    window.crossoverRest = later;
}

function watchForLater() {
    if (laterAtStart) return joinLater(laterAtStart);
    for (const touch of touches) addEventListener(touch, fetchLater, { capture: true, passive: true });
}
