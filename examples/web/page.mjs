// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

const $ = (id) => document.getElementById(id);

/** Of the small picture. The large one has sixteen times as many, and four bytes each. */
const kMostPixels = 2e6;

let worker;
let other; // TensorFlow.js's, while it runs
let surroundings; // what the worker has
let source; // the chosen picture: { name, canvas }
let shown; // address of the picture to download
let began = 0;

// ---- what is said ---------------------------------------------------------------------------------

function say(text) {
  $('status').textContent = text;
}

function complain(text) {
  say('');
  $('error').textContent = text;
}

function busy(is) {
  $('start').disabled = is;
  $('file').disabled = is;
  $('cancel').hidden = !is;
  $('work').hidden = !is;
  $('form').setAttribute('aria-busy', String(is));
  for (const control of document.querySelectorAll('fieldset input, #compare')) control.disabled = is;
  if (!is && document.activeElement === document.body) $('start').focus();
}

function progress(what, done) {
  const seconds = (performance.now() - began) / 1000;
  const left = done > 0.05 && seconds > 2 ? `, about ${Math.ceil(seconds / done * (1 - done))} s to go` : '';
  $('doing').textContent = done > 0 ? `${what}: ${Math.round(100 * done)} %${left}` : what;
  if (done > 0) $('progress').value = done;
  else $('progress').removeAttribute('value'); // not known
}

// ---- the picture ----------------------------------------------------------------------------------

async function choose(blob, name) {
  $('error').textContent = '';
  let bitmap;
  try {
    bitmap = await createImageBitmap(blob);
  } catch {
    complain(`${name} could not be read as a picture. PNG, JPEG, WebP and AVIF are understood.`);
    return;
  }
  const { width, height } = bitmap;
  if (width * height > kMostPixels) {
    complain(`${name} has ${width} × ${height} pixels. This page takes up to ${kMostPixels / 1e6} million, `
      + 'because the result has sixteen times as many.');
    return;
  }
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d', { willReadFrequently: true }).drawImage(bitmap, 0, 0);
  bitmap.close();
  source = { name, canvas };
  $('thumbnail').src = canvas.toDataURL();
  const strong = Object.assign(document.createElement('strong'), { textContent: name });
  $('chosen').replaceChildren(strong, `, ${width} × ${height} pixels`);
  $('result').hidden = true;
  say('');
}

function chooseFirst(files) {
  if ($('start').disabled) return;
  if (files.length > 0) choose(files[0], files[0].name);
}

// ---- the result -----------------------------------------------------------------------------------

async function draw(large) {
  for (const id of ['before', 'after']) Object.assign($(id), { width: large.width, height: large.height });
  $('after').getContext('2d').putImageData(new ImageData(large.data, large.width, large.height), 0, 0);
  const before = $('before').getContext('2d');
  before.imageSmoothingQuality = 'high';
  before.drawImage(source.canvas, 0, 0, large.width, large.height);
  // Not larger than its pixels unless it is tiny, and never taller than the window.
  $('stage').style.maxWidth = `min(100%, max(${large.width}px, 18rem), ${75 * large.width / large.height}vh)`;
  move(50);

  if (shown) URL.revokeObjectURL(shown);
  const name = source.name.replace(/\.[^.]*$/, '').replaceAll(/\s+/g, '-').toLowerCase() || 'picture';
  const blob = await new Promise((resolve) => { $('after').toBlob(resolve); });
  if (blob === null) throw new Error('the browser could not make a file of the picture');
  shown = URL.createObjectURL(blob);
  Object.assign($('download'), { href: shown, download: `${name}-4x.png` });
}

function move(to) {
  $('divider').value = to;
  $('divider').setAttribute('aria-valuetext', `${Math.round(to)} % browser, ${Math.round(100 - to)} % network`);
  $('stage').style.setProperty('--at', `${to}%`);
}

function addTime(engine, threads, seconds) {
  const row = $('times').insertRow();
  for (const text of [engine, threads, seconds.toFixed(2)]) row.insertCell().textContent = text;
}

function mostLevels(a, b) {
  let most = 0;
  for (let i = 0; i < a.length; ++i) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

// ---- running --------------------------------------------------------------------------------------

/** Answers of a worker until it is done; rejects with what it complains of. */
function ask(one, message, what) {
  began = performance.now();
  return new Promise((resolve, reject) => {
    const failed = (text) => reject(Object.assign(new Error(text), { name: 'WorkerError' }));
    one.onerror = (event) => failed(event.message || 'The worker could not be started.');
    one.onmessage = ({ data }) => {
      if (data.type === 'progress') progress(data.stage === 'load' ? 'Loading the network' : what, data.done);
      else if (data.type === 'done') resolve(data);
      else if (data.type === 'cancelled') reject(Object.assign(new Error('Cancelled'), { name: 'AbortError' }));
      else if (data.type === 'error') failed(data.message);
      else if (data.type === 'ready') greet(data);
    };
    one.stop = () => reject(Object.assign(new Error('Cancelled'), { name: 'AbortError' }));
    one.postMessage(message);
  });
}

function pixels() {
  const { width, height } = source.canvas;
  const { data } = source.canvas.getContext('2d').getImageData(0, 0, width, height);
  return { data, width, height };
}

async function run() {
  const model = document.querySelector('input[name=model]:checked').value;
  $('error').textContent = '';
  $('result').hidden = true;
  say('');
  busy(true);
  $('cancel').focus();
  progress('Loading the network', 0);
  try {
    const ours = await ask(worker, { type: 'enlarge', picture: pixels(), model }, 'Enlarging');
    await draw(ours.picture);
    $('times').replaceChildren();
    $('agreement').textContent = '';
    addTime('winograd', ours.threads, ours.seconds);
    $('result').hidden = false;
    $('result-title').focus({ preventScroll: true });
    $('result').scrollIntoView({ block: 'nearest' });
    say(`Done in ${ours.seconds.toFixed(1)} s: ${ours.picture.width} × ${ours.picture.height} pixels.`);
    if ($('compare').checked) await runOther(ours, model);
  } catch (error) {
    if (error.name === 'AbortError') say('Cancelled.');
    else complain(`That did not work: ${error.message}`);
  } finally {
    busy(false);
  }
}

async function runOther(ours, model) {
  other = new Worker('tfjs_worker.js');
  try {
    progress('Loading TensorFlow.js', 0);
    const theirs = await ask(other, { type: 'enlarge', picture: pixels(), model, threads: ours.threads },
      'The same with TensorFlow.js');
    addTime('TensorFlow.js', theirs.threads, theirs.seconds);
    const most = mostLevels($('after').getContext('2d')
      .getImageData(0, 0, theirs.picture.width, theirs.picture.height).data, theirs.picture.data);
    const ratio = (theirs.seconds / ours.seconds).toFixed(1);
    // It does not take all threads that it is offered everywhere.
    const but = theirs.threads === ours.threads ? ''
      : `, on ${theirs.threads} thread${theirs.threads === 1 ? '' : 's'} instead of ${ours.threads}`;
    const text = `TensorFlow.js took ${ratio} times as long${but}.`;
    $('agreement').textContent = `${text} The two pictures differ by at most ${most} of 255 levels.`;
    say(text);
  } finally {
    other.terminate();
    other = undefined;
  }
}

function greet({ isa, threads }) {
  surroundings = { isa, threads };
  const many = threads === 1 ? '1 thread' : `${threads} threads`;
  $('surroundings').textContent = crossOriginIsolated ? `Runs on ${many}.`
    : `Runs on ${many}: the server does not isolate this page (COOP and COEP headers), so it may not use more.`;
  document.documentElement.dataset.ready = JSON.stringify(surroundings);
}

// ---- start ----------------------------------------------------------------------------------------

worker = new Worker('worker.mjs', { type: 'module' });
worker.onmessage = ({ data }) => {
  if (data.type === 'ready') greet(data);
  else if (data.type === 'error') complain(data.message);
};

$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (source && !$('start').disabled) run();
});
$('cancel').addEventListener('click', () => {
  if (other) other.stop();
  else worker.postMessage({ type: 'cancel' });
});
$('divider').addEventListener('input', () => move(Number($('divider').value)));
$('file').addEventListener('change', () => {
  chooseFirst($('file').files);
  $('file').value = ''; // so that the same file can be chosen again
});
addEventListener('paste', (event) => chooseFirst([...event.clipboardData.files]));
const drop = $('drop');
addEventListener('dragover', (event) => {
  event.preventDefault();
  drop.classList.toggle('over', drop.contains(event.target));
});
addEventListener('drop', (event) => {
  event.preventDefault();
  drop.classList.remove('over');
  chooseFirst(event.dataTransfer.files);
});
addEventListener('dragleave', () => drop.classList.remove('over'));

fetch('tfjs/tf-core.min.js', { method: 'HEAD' }).then((response) => {
  $('compare-label').hidden = !response.ok;
}, () => { $('compare-label').hidden = true; });
const flower = await fetch('flower.png');
await choose(await flower.blob(), 'A flower');
