
// Starts the program, in the place of what wasm-bindgen writes for this, which takes much else that this page never gives.
let wasm;
async function start({ module_or_path: answer }) {
    const [{ instance }] = await Promise.all([Promise.resolve(answer).then(instantiated), partsWithFirst()]);
    wasm = instance.exports;
    watchForTouch();
    wasm.__wbindgen_start();
    return wasm;
}

async function instantiated(response) {
    if (!response.ok) throw new Error(`failed to fetch Wasm: ${response.status} ${response.statusText} fetching '${response.url}'`);
    const imports = __wbg_get_imports();
    // Streaming refuses what a server that does not know WebAssembly calls something else.
    if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.instantiateStreaming(response, imports);
    return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}

export { start as default };
