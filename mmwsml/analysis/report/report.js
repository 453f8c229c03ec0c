'use strict';

/* Sorts, filters, pages and saves the tables of class `data-table`. */
function setUp(box) {
  const data = JSON.parse(document.getElementById(box.id + '-data').textContent);
  const body = box.querySelector('tbody');
  const count = box.querySelector('.count');
  const filters = [...box.querySelectorAll('[data-filter]')];
  const sorters = [...box.querySelectorAll('[data-sort]')];
  const pagers = {};
  for (const button of box.querySelectorAll('[data-action]')) {
    pagers[button.dataset.action] = button;
  }
  const shown = data.columns.map((_, place) => place)
    .filter((place) => data.columns[place].shown);
  const named = data.columns.map((_, place) => place).filter((place) =>
    data.columns[place].kind === 'text' && data.columns[place].saved !== '');
  const card = box.querySelector('.card');
  const asked = data.columns.findIndex((column) => column.kind === 'answer');
  let rows = data.rows;
  let current = 0;
  let first = 0;
  let sortedBy = null;
  let direction = 1;

  function passes(row, filter) {
    const place = Number(filter.dataset.filter);
    const cell = row[place];
    if (filter.value === '') return true;
    if (cell === null) return false;
    const kind = data.columns[place].filter;
    if (kind === 'choice') return String(cell) === filter.value;
    if (kind === 'least') return cell >= Number(filter.value);
    return String(cell).toLowerCase().includes(filter.value.toLowerCase());
  }

  function compare(a, b) {
    const x = a[sortedBy];
    const y = b[sortedBy];
    if (x === null || y === null) return (x === null) - (y === null);
    if (typeof x === 'number') return direction * (x - y);
    return direction * collator.compare(x, y);
  }

  function update() {
    const active = filters.filter((filter) => filter.value !== '');
    rows = data.rows.filter((row) => active.every((f) => passes(row, f)));
    if (sortedBy !== null) rows.sort(compare);
    first = 0;
    current = 0;
    draw();
  }

  /* Answers stay in the browser, by class and image. */
  function keyOf(row) {
    return JSON.stringify(named.map((place) => row[place]));
  }

  function remember() {
    const answers = {};
    for (const row of data.rows) {
      if (row[asked] !== null) answers[keyOf(row)] = row[asked];
    }
    try {
      localStorage.setItem(`mmwsml ${data.memory}`, JSON.stringify(answers));
    } catch {
      unsaved = true;
    }
  }

  function recall() {
    let answers = null;
    try {
      answers = JSON.parse(localStorage.getItem(`mmwsml ${data.memory}`));
    } catch {
      /* A browser that keeps nothing. */
    }
    if (answers === null || typeof answers !== 'object') return;
    for (const row of data.rows) {
      const answer = answers[keyOf(row)];
      if (answer === 'yes' || answer === 'no') row[asked] = answer;
    }
  }

  function answer(row, value) {
    row[asked] = value || null;
    remember();
    const place = rows.indexOf(row) - first;
    const field = body.children[place]?.querySelector('select');
    if (field) field.value = value;
    drawCard();
  }

  function step(by) {
    current = Math.min(Math.max(current + by, 0), rows.length - 1);
    const start = current - current % data.page;
    if (start !== first) {
      first = start;
      draw();
    } else {
      drawCard();
    }
  }

  function drawCard() {
    if (!card) return;
    const row = rows[current];
    for (const line of body.children) line.removeAttribute('aria-current');
    body.children[current - first]?.setAttribute('aria-current', 'true');
    for (const button of card.querySelectorAll('button')) {
      button.disabled = !row;
      if (!row) continue;
      const value = button.dataset.answer;
      if (value !== undefined) {
        button.setAttribute('aria-pressed', String(value === (row[asked] ?? '')));
      }
    }
    const given = data.rows.filter((line) => line[asked] !== null).length;
    card.querySelector('.answered').textContent =
      `${given.toLocaleString('en')} of ${data.rows.length.toLocaleString('en')} answered`;
    const picture = data.columns.findIndex((x) => x.kind === 'picture');
    const uri = row && data.pictures[row[picture]];
    const image = document.createElement('img');
    if (uri) Object.assign(image, {src: uri, alt: nameOf(row), className: 'large tile'});
    card.querySelector('.picture').replaceChildren(...(uri ? [image] : []));
    const number = (current + 1).toLocaleString('en');
    card.querySelector('.question').textContent = row
      ? `${number}. ${row[named[0]]}: is it there? (${row[named[1]]})`
      : 'No line fits the filters';
  }

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (['INPUT', 'SELECT', 'TEXTAREA'].includes(event.target.tagName)) return;
    const steps = {j: 1, k: -1};
    if (event.target === card) Object.assign(steps, {ArrowRight: 1, ArrowLeft: -1});
    const answers = {y: 'yes', n: 'no', u: ''};
    if (event.key in answers && rows[current]) {
      answer(rows[current], answers[event.key]);
      if (event.key !== 'u') step(1);
    } else if (event.key in steps) {
      step(steps[event.key]);
    } else {
      return;
    }
    event.preventDefault();
  }

  function draw() {
    const part = rows.slice(first, first + data.page);
    body.replaceChildren(...part.map(drawRow));
    const total = data.rows.length.toLocaleString('en');
    const all = rows.length.toLocaleString('en');
    const of = rows.length === data.rows.length ? total : `${all} (of ${total})`;
    count.textContent = rows.length
      ? `Lines ${first + 1} to ${first + part.length} of ${of}`
      : `No line of ${total} fits the filters`;
    pagers.previous.disabled = first === 0;
    pagers.next.disabled = first + data.page >= rows.length;
    drawCard();
  }

  function drawRow(row) {
    const line = document.createElement('tr');
    for (const place of shown) line.append(drawCell(row, place));
    if (card) {
      line.addEventListener('click', () => {
        current = rows.indexOf(row);
        drawCard();
      });
    }
    return line;
  }

  function drawCell(row, place) {
    const column = data.columns[place];
    const cell = document.createElement('td');
    const value = row[place];
    cell.className = column.kind;
    if (column.kind === 'answer') {
      cell.append(drawAnswer(row, place));
    } else if (value === null) {
      cell.textContent = '–';
    } else if (column.kind === 'picture') {
      const image = document.createElement('img');
      image.src = data.pictures[value];
      image.alt = nameOf(row);
      cell.append(image);
    } else if (column.kind === 'number') {
      cell.textContent = value.toLocaleString('en', {
        minimumFractionDigits: column.digits,
        maximumFractionDigits: column.digits,
      });
    } else {
      cell.textContent = value;
    }
    return cell;
  }

  function nameOf(row) {
    return shown.filter((place) => data.columns[place].kind === 'text')
      .map((place) => row[place]).filter((text) => text !== null).join(' ');
  }

  function drawAnswer(row, place) {
    const field = document.createElement('select');
    for (const text of ['', 'yes', 'no']) field.add(new Option(text, text));
    field.value = row[place] ?? '';
    field.setAttribute('aria-label',
      `${data.columns[place].name} ${nameOf(row)}`);
    field.addEventListener('change', () => {
      answer(row, field.value);
    });
    return field;
  }

  /* As structures/spreadsheet.py: text is no formula, numbers stay numbers. */
  const FORMULA = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

  function quote(value) {
    let text = value === null ? '' : String(value);
    if (typeof value === 'string' && FORMULA.test(value)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  function save() {
    const places = data.columns.map((_, place) => place)
      .filter((place) => data.columns[place].saved !== '');
    const lines = [places.map(
      (place) => data.columns[place].saved ?? data.columns[place].name)];
    for (const row of rows) lines.push(places.map((place) => row[place]));
    const text = lines.map((line) => line.map(quote).join(',') + '\n').join('');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], {type: 'text/csv'}));
    link.download = data.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    unsaved = false;
  }

  function turn(by) {
    first += by * data.page;
    current = first;
    draw();
    /* A button that is now disabled would lose the focus. */
    if (pagers.next.disabled) pagers.previous.focus();
    if (pagers.previous.disabled) pagers.next.focus();
    box.querySelector('table').scrollIntoView({block: 'nearest'});
  }

  for (const button of sorters) {
    button.addEventListener('click', () => {
      const place = Number(button.dataset.sort);
      const numeric = data.columns[place].kind === 'number';
      direction = sortedBy === place ? -direction : numeric ? -1 : 1;
      sortedBy = place;
      for (const other of sorters) {
        const order = direction > 0 ? 'ascending' : 'descending';
        other.parentElement.setAttribute(
          'aria-sort', other === button ? order : 'none');
      }
      update();
    });
  }
  for (const filter of filters) filter.addEventListener('input', update);
  pagers.previous.addEventListener('click', () => turn(-1));
  pagers.next.addEventListener('click', () => turn(1));
  pagers.save.addEventListener('click', save);
  pagers.clear.addEventListener('click', () => {
    for (const filter of filters) filter.value = '';
    update();
  });
  if (card) {
    recall();
    box.press = press;
    for (const button of card.querySelectorAll('button')) {
      button.addEventListener('click', () => {
        const value = button.dataset.answer;
        if (value !== undefined) answer(rows[current], value);
        step(value === undefined ? Number(button.dataset.step) : value ? 1 : 0);
      });
    }
  }
  update();
  if (card) step(Math.max(rows.findIndex((row) => row[asked] === null), 0));
}

/* Where nothing has the focus, keys are for the first list to answer. */
addEventListener('keydown', (event) => {
  const inside = event.target.closest('.data-table');
  const alone = event.target === document.body || event.target.id === 'content';
  const box = inside ?? (alone ? document.querySelector('.card')?.parentElement : null);
  box?.press?.(event);
});
let unsaved = false;
addEventListener('beforeunload', (event) => {
  if (unsaved) event.preventDefault();
});
const collator = new Intl.Collator('en', {numeric: true});
for (const box of document.querySelectorAll('.data-table')) setUp(box);
