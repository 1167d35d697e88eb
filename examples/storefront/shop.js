// A shop in the browser: its pages. All that it asks of the API stands in api.js.
import { API, call, follow, isLoggedIn, logIn, logOut, Problem } from './api.js';

const byId = (id) => document.getElementById(id);
const is = (value) => value !== null && value !== undefined && value !== false;
/** An element with attributes, listeners (`onclick`) and children. Text stays text. */
const h = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (is(value)) element.setAttribute(name, value === true ? '' : value);
  }
  fill(element, children);
  return element;
};
/** Puts children in the place of those that are there; what is null or false is left out. */
const fill = (element, ...children) => element.replaceChildren(...children.flat(9).filter(is));
const hidden = (text) => h('span', { class: 'hidden' }, text);
/** A page: its title, which is its heading, too, and what is below. */
const titled = (title, ...nodes) => ({ title, nodes: [h('h1', { tabindex: '-1' }, title), nodes] });
const plural = (count, one) => `${count} ${one}${count === 1 ? '' : 's'}`;
const later = (delay, work, timer) => (...given) => { clearTimeout(timer); timer = setTimeout(() => work(...given), delay); };
/** Random, also on pages without TLS, where crypto.randomUUID is missing. */
const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
const money = ({ amount, currency }) => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
};
const priceOf = ({ price, compare_at_price: before, discount_percent: off, group }) => {
  if (group && group.price.min.amount < group.price.max.amount) return h('span', { class: 'price' }, 'from ', money(group.price.min));
  if (!before) return h('span', { class: 'price' }, money(price));
  return h('span', { class: 'price' }, h('ins', null, hidden('now '), money(price)), ' ', h('s', null, hidden('before '), money(before)),
    off > 0 && h('span', { class: 'off' }, `−${off} %`));
};
/** A picture in the size that is needed. What has none shows its name on a tint. */
const pictureOf = (media, name, sizes, isFirst = false) => {
  if (!media) {
    const tint = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
    return h('span', { class: `picture tint tint-${tint}`, 'aria-hidden': 'true' }, name);
  }
  const [at, { width, height, alt }] = [({ url }) => new URL(url, API).href, media];
  const srcset = media.sizes.map((size) => `${at(size)} ${size.width}w`).join(', ');
  const loading = isFirst ? 'eager' : 'lazy';
  return h('img', { class: 'picture', src: at(media.sizes.at(-1)), srcset, sizes, width, height, loading, alt: alt ?? '' });
};
const notice = (...children) => fill(byId('notice'), h('p', null, children));
const alertOf = (problem) => h('div', { class: 'alert', role: 'alert' }, h('p', null, problem.message),
  problem.lines?.length > 0 && h('ul', null, problem.lines.map((line) => h('li', null, line.message))));
/** Runs what a click asks for. What goes wrong is said in the notice, or where `show` puts it. */
const attempt = async (work, show = (problem) => notice(problem.message)) => {
  try { return await work(); } catch (problem) {
    if (!(problem instanceof Problem)) console.error(problem);
    return show(problem);
  }
};

// Forms
/** A field with its label; `name` is that of the API's field, whose errors are shown beside it. */
const field = (label, name, { options, hint, ...attributes } = {}) => {
  const id = `field-${name.replaceAll('.', '-')}`;
  const described = hint ? `${id}-hint` : null;
  const control = options
    ? h('select', { id, name, ...attributes }, options.map(([value, text]) => h('option', { value, selected: value === attributes.value }, text)))
    : h('input', { id, name, 'aria-describedby': described, ...attributes });
  return h('p', { class: 'field' }, h('label', { for: id }, label), control, hint && h('small', { id: described }, hint));
};
/** Shows each refused field beside its input, and whatever else is refused at the end of the form. */
const refuse = (form, problem, mayFocus = true) => {
  form.querySelectorAll('.wrong').forEach((old) => old.remove());
  form.querySelectorAll('[aria-invalid]').forEach((input) => ['aria-invalid', 'aria-errormessage'].forEach((name) => input.removeAttribute(name)));
  if (!problem) return;
  const others = problem.errors.filter(({ field: name, message }) => {
    const input = form.elements.namedItem(name);
    if (!input?.id) return true;
    const id = `${input.id}-wrong`;
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-errormessage', id);
    input.parentElement.append(h('small', { class: 'wrong', id, role: 'alert' }, `This ${message}.`));
    return false;
  });
  const first = form.querySelector('[aria-invalid]');
  if (mayFocus) first?.focus();
  if (first && others.length === 0) return;
  form.append(h('div', { class: 'wrong' }, alertOf(problem), others.map(({ field: name, message }) => h('p', null, `${name} ${message}`))));
};
const valuesOf = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
/** A form that does something when it is sent. Its fields stay as they are if that is refused. */
const formOf = (attributes, send, ...children) => h('form', { ...attributes, onsubmit: async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.getAttribute('aria-busy')) return;
  form.setAttribute('aria-busy', 'true');
  refuse(form, null);
  await attempt(() => send(valuesOf(form), form), (problem) => refuse(form, problem));
  form.removeAttribute('aria-busy');
} }, children);

// The cart: that of the account, or one in this browser until somebody logs in
const KEPT = 'storekeeper.cart';
const kept = () => { try { return JSON.parse(localStorage.getItem(KEPT)) ?? {}; } catch { return {}; } };
const keep = (lines) => localStorage.setItem(KEPT, JSON.stringify(lines));
const keptLines = () => Object.entries(kept()).map(([product_id, quantity]) => ({ product_id, quantity }));
const cartLines = async () => (isLoggedIn() ? (await call.showCart()).items : keptLines());
const addToCart = async (product_id, quantity) => {
  if (isLoggedIn()) await call.addCartItem({ body: { product_id, quantity }, key: random() });
  else keep({ ...kept(), [product_id]: Math.min((kept()[product_id] ?? 0) + quantity, 999) });
  await showCount();
};
const setInCart = async (product_id, quantity) => (isLoggedIn() ? call.setCartItem({ product_id, body: { quantity } })
  : keep(Object.fromEntries(Object.entries({ ...kept(), [product_id]: quantity }).filter(([, units]) => units > 0))));
/** Puts what was chosen before the login into the cart of the account. What is gone meanwhile is left out. */
const bringCart = async () => {
  for (const body of keptLines()) await attempt(() => call.addCartItem({ body, key: random() }));
  localStorage.removeItem(KEPT);
};
const showCount = async () => {
  byId('to-account').textContent = isLoggedIn() ? 'Account' : 'Log in';
  const units = (await cartLines()).reduce((sum, line) => sum + line.quantity, 0);
  Object.assign(byId('count'), { textContent: units, hidden: units === 0 });
  byId('to-cart').setAttribute('aria-label', `Cart, ${plural(units, 'item')}`);
};

// The list of products, narrowed by what the address says
const SORTS = [['', 'Best match'], ['-created_at', 'Newest first'], ['price', 'Price, low to high'], ['-price', 'Price, high to low'], ['name', 'Name']];
const listPage = async (_, query) => {
  const asked = Object.fromEntries([...query].filter(([, value]) => value !== ''));
  const all = { limit: 24, collapse: 'group', include: 'group', sort: asked.q ? 'relevance' : '-created_at', ...asked };
  const found = await call.listProducts({ query: { ...all, facets: 'all', total: true } });
  const go = (changes) => { location.hash = `/?${new URLSearchParams(Object.entries({ ...asked, ...changes }).filter(([, value]) => value))}`; };
  const category = found.facets.find(({ code }) => code === 'category')?.values.find(({ selected }) => selected);
  const title = asked.q ? `Results for “${asked.q}”` : category?.name ?? 'All products';
  const cards = h('ul', { class: 'cards' }, found.items.map(card));
  let cursor = found.next_cursor;
  const more = h('button', { class: 'quiet', hidden: !cursor, onclick: () => attempt(async () => {
    const next = await call.listProducts({ query: { ...all, cursor } });
    cursor = next.next_cursor; more.hidden = !cursor;
    cards.append(...next.items.map(card));
  }) }, 'Show more');
  const sort = h('select', { id: 'sort', onchange: (event) => go({ sort: event.target.value }) },
    SORTS.slice(asked.q ? 0 : 1).map(([value, text]) => h('option', { value, selected: value === asked.sort }, text)));
  const open = matchMedia('(min-width: 50rem)').matches || byId('filters')?.open;
  const isNarrowed = Object.keys(asked).some((name) => !['sort', 'q'].includes(name));
  return { title, nodes: [h('div', { class: 'catalogue' },
    h('details', { class: 'filters', id: 'filters', open }, h('summary', { id: 'filters-summary' }, 'Filters'),
      isNarrowed && h('p', null, h('a', { href: `#/?${new URLSearchParams(asked.q ? { q: asked.q } : {})}` }, 'Clear all filters')),
      found.facets.map((facet) => facetOf(facet, asked, go))),
    h('section', null,
      h('div', { class: 'heading' }, h('h1', { tabindex: '-1' }, title),
        h('p', { class: 'quiet-text' }, found.total === null ? '' : plural(found.total, 'product')),
        h('p', { class: 'sort' }, h('label', { for: 'sort' }, 'Sort by'), sort)),
      found.items.length === 0 ? h('p', { class: 'empty' }, 'Nothing was found. ', found.suggestion
        ? ['Did you mean ', h('a', { href: `#/?${new URLSearchParams({ ...asked, q: found.suggestion })}` }, found.suggestion), '?'] : 'Try fewer words or filters.') : cards, more))] };
};
const hrefOf = ({ slug, group }) => (group ? `#/groups/${group.slug}?of=${slug}` : `#/products/${slug}`);
const card = (item, place) => {
  const { name, members } = item.group ?? item;
  return h('li', { class: 'card' }, h('a', { href: hrefOf(item) }, pictureOf(item.image, name, '(min-width: 50rem) 16rem, 45vw', place < 4),
    h('span', { class: 'name' }, name), priceOf(item), members > 1 && h('span', { class: 'quiet-text' }, `${members} to choose from`),
    !item.in_stock && !item.group && stockOf(item)));
};
/** A facet: links of categories, and boxes of everything else. `go` changes the address. */
const facetOf = (facet, asked, go) => {
  const chosen = (asked[facet.code] ?? '').split(',').filter(Boolean);
  const box = (text, count, isChosen, change) => {
    const id = `facet-${facet.code}-${text}`.replaceAll(/[^\w-]+/g, '-');
    return h('li', null, h('input', { type: 'checkbox', id, checked: isChosen, onchange: (event) => go(change(event.target.checked)) }),
      h('label', { for: id }, text), h('span', { class: 'quiet-text', 'aria-hidden': 'true' }, count ?? ''));
  };
  const set = (items) => items.length > 0 && h('fieldset', { class: 'facet' }, h('legend', null, facet.name), h('ul', null, items));
  if (facet.code === 'category') {
    const to = ({ value, selected }) => `#/?${new URLSearchParams({ ...asked, category: selected ? '' : value })}`;
    const link = (one) => h('li', null, h('a', { id: `category-${one.value}`, 'aria-current': one.selected ? 'true' : null, href: to(one) }, one.name),
      h('span', { class: 'quiet-text' }, one.count ?? ''));
    return h('nav', { class: 'facet', 'aria-label': facet.name }, h('h2', null, facet.name), h('ul', null, facet.values.map(link)));
  }
  if (facet.code === 'price') {
    return set(facet.buckets.filter(({ count }) => count > 0).map(({ from, to, count }) => {
      const [low, high] = [String(from.amount), String(to.amount - 1)];
      const change = (is) => ({ min_price: is ? low : '', max_price: is ? high : '' });
      return box(`${money(from)} to ${money(to)}`, count, asked.min_price === low && asked.max_price === high, change);
    }));
  }
  if (!facet.values) return null; // Numbers and days: this shop has few of them.
  return set(facet.values.map(({ value, name, count, selected }) => box(name, count, selected, (is) =>
    ({ [facet.code]: (is ? [...chosen, value] : chosen.filter((other) => other !== value)).join(',') }))));
};

// A product, alone or with those that differ by size or colour
const buyOf = (current) => formOf({ class: 'buy' }, async ({ quantity }) => {
  await addToCart(current().id, Number(quantity));
  notice(`${plural(Number(quantity), 'item')} added. `, h('a', { href: '#/cart' }, 'Go to the cart'));
}, field('Quantity', 'quantity', { type: 'number', min: 1, max: 999, value: 1, required: true }), h('button', { class: 'main' }, 'Add to the cart'));
const attributesOf = (attributes) => {
  const shown = attributes.filter(({ code, values, value }) => code !== 'category' && (values?.length ?? value) !== undefined);
  return shown.length > 0 && h('dl', { class: 'attributes' }, shown.map(({ name, unit, values, value }) =>
    [h('dt', null, name), h('dd', null, values ? values.map((term) => term.name).join(', ') : `${value}${unit ? ` ${unit}` : ''}`)]));
};
const crumbsOf = (attributes) => {
  const [category] = attributes.find(({ code }) => code === 'category')?.values ?? [];
  return h('nav', { class: 'crumbs', 'aria-label': 'Where you are' }, h('a', { href: '#/' }, 'All products'),
    category && [' › ', h('a', { href: `#/?category=${category.slug}` }, category.name)]);
};
const detailsOf = (shown, { picture, price, choice, buy, stock }) => [crumbsOf(shown.attributes), h('article', { class: 'product' },
  picture, h('div', null, h('h1', { tabindex: '-1' }, shown.name), price, choice, stock, buy,
    shown.description && h('p', { class: 'description' }, shown.description), attributesOf(shown.attributes)))];
const stockOf = ({ in_stock: is }) => h('p', { class: is ? 'in-stock' : 'sold-out' }, is ? 'In stock' : 'Sold out');
const LARGE = '(min-width: 50rem) 34rem, 92vw';
const productPage = async ([slug]) => {
  const product = await call.showProductBySlug({ slug });
  const { name, image, lowest_price_30d: lowest } = product;
  const price = h('div', null, h('p', { class: 'large' }, priceOf(product)),
    lowest && h('p', { class: 'quiet-text' }, `Lowest price of the 30 days before: ${money(lowest)}`));
  const buy = product.in_stock && buyOf(() => product);
  return { title: name, nodes: detailsOf(product, { picture: pictureOf(image, name, LARGE, true), price, stock: stockOf(product), buy }) };
};
const groupPage = async ([slug], query) => {
  const group = await call.showProductGroupBySlug({ slug });
  const { products: members } = group;
  let current = members.find((member) => member.slug === query.get('of')) ?? members.find((member) => member.in_stock) ?? members[0];
  const [picture, price, stock, buy] = [h('div'), h('p', { class: 'large' }), h('div', { role: 'status' }), buyOf(() => current)];
  /** The member with this term, else the nearest one that is sold. */
  const withTerm = (code, term) => {
    const same = ({ values }) => group.options.filter((option) => values[option.code] === current.values[option.code]).length;
    return members.filter(({ values }) => values[code] === term).sort((one, other) => same(other) - same(one) || other.in_stock - one.in_stock)[0];
  };
  const choose = (member) => {
    current = member;
    update();
    history.replaceState(null, '', `#/groups/${group.slug}?of=${current.slug}`);
  };
  const pills = ({ code, name, terms }) => {
    const images = terms.map(({ slug: term }) => withTerm(code, term)?.image);
    const isPictured = new Set(images.map((image) => image?.id)).size === terms.length && terms.length > 1 && images.every(Boolean);
    return h('fieldset', { class: 'options' }, h('legend', null, name), terms.map(({ slug: term, name: text }, place) => {
      const input = h('input', { type: 'radio', name: code, value: term, disabled: !withTerm(code, term), onchange: () => choose(withTerm(code, term)) });
      return h('label', { class: 'pill' }, input, isPictured && pictureOf({ ...images[place], alt: '' }, text, '2.5rem', true), text);
    }));
  };
  const choice = h('div', null, group.options.length > 0 ? group.options.map(pills) : h('p', null, members.map((member) =>
    h('label', { class: 'pill' }, h('input', { type: 'radio', name: 'member', checked: member === current, onchange: () => choose(member) }), member.name))));
  const update = () => {
    fill(picture, pictureOf(current.image ?? group.media[0], group.name, LARGE, true));
    [[price, priceOf], [stock, stockOf]].forEach(([element, of]) => fill(element, of(current)));
    buy.querySelector('button').disabled = !current.in_stock;
    if (group.options.length > 0) choice.querySelectorAll('input').forEach((input) => {
      input.checked = input.value === current.values[input.name];
      input.parentElement.classList.toggle('out', !withTerm(input.name, input.value)?.in_stock);
    });
  };
  update();
  return { title: group.name, nodes: detailsOf(group, { picture, price, choice, stock, buy }) };
};

// Cart, account and checkout
const cartPage = async () => {
  const lines = await Promise.all((await cartLines()).map(async (line) => {
    const gone = (problem) => { if (problem.status === 404) return { name: line.name ?? 'A product that is gone', in_stock: false }; throw problem; };
    return { ...line, product: await call.showProduct({ id: line.product_id, query: { include: 'group' } }).catch(gone) };
  }));
  if (lines.length === 0) return titled('Your cart', h('p', { class: 'empty' }, 'It is empty. ', h('a', { href: '#/' }, 'Look around')));
  const set = (id, quantity) => attempt(async () => { await setInCart(id, quantity); await showCount(); await show(); });
  const costOf = ({ product: { price }, quantity }) => price && { ...price, amount: price.amount * quantity };
  const costs = lines.map(costOf).filter(Boolean);
  const subtotal = { ...costs[0], amount: costs.reduce((sum, { amount }) => sum + amount, 0) };
  return titled('Your cart', h('ul', { class: 'lines' }, lines.map(({ product_id: id, quantity, product }, place) => {
    const changed = (event) => event.target.reportValidity() && set(id, Number(event.target.value));
    return h('li', null, pictureOf(product.image, product.name, '6rem'), h('div', null, h('a', { href: product.slug && hrefOf(product) }, product.name),
      h('p', { class: 'quiet-text' }, product.price && money(product.price)), !product.in_stock && stockOf(product)),
    h('p', { class: 'set' }, h('label', { class: 'hidden', for: `quantity-${id}` }, `Quantity of ${product.name}`),
      h('input', { id: `quantity-${id}`, type: 'number', min: 1, max: 999, value: quantity, onchange: changed }),
      h('button', { class: 'quiet', onclick: () => set(id, 0) }, 'Remove', hidden(` ${product.name}`))),
    h('strong', null, product.price && money(costOf(lines[place]))));
  })), costs.length > 0 && h('p', { class: 'subtotal' }, 'Subtotal ', h('strong', null, money(subtotal))),
  h('p', { class: 'quiet-text' }, 'You see shipping and taxes before you order.'), h('p', null, h('a', { class: 'main', href: '#/checkout' }, 'Check out')));
};
const accountPage = async (_, query) => {
  if (isLoggedIn()) {
    const [me, { items: orders }] = await Promise.all([call.showMe(), call.listOrders()]);
    const leave = () => attempt(async () => { await logOut(); await showCount(); await show(); });
    const line = (order) => h('li', null, h('a', { href: `#/orders/${order.id}` }, order.number), h('span', null, day(order.placed_at)),
      h('span', null, words(order.status)), h('strong', null, money(order.total)));
    return titled(`Hello, ${me.customer?.name ?? me.username}`, h('h2', null, 'Your orders'),
      orders.length === 0 ? h('p', { class: 'empty' }, 'There are none yet.') : h('ul', { class: 'orders' }, orders.map(line)),
      h('p', null, h('button', { class: 'quiet', onclick: leave }, 'Log out')));
  }
  const enter = async (login, password) => {
    await logIn(login, password);
    await bringCart();
    await showCount();
    if (query.get('next')) location.hash = query.get('next'); else await show();
  };
  const create = async ({ password, ...person }) => {
    await call.register({ body: { ...person, password, username: `shop-${random().slice(0, 16)}` } });
    await enter(person.email, password);
  };
  return titled(query.get('next') ? 'Who buys?' : 'Log in', h('div', { class: 'two' },
    formOf({ id: 'register', 'aria-labelledby': 'is-new' }, create,
      h('h2', { id: 'is-new' }, 'I am new here'),
      field('Name', 'name', { required: true, autocomplete: 'name' }),
      field('Email address', 'email', { type: 'email', required: true, autocomplete: 'email' }),
      field('Phone', 'phone', { type: 'tel', required: true, autocomplete: 'tel', hint: 'With the country, such as +49 421 123456' }),
      field('Password', 'password', { type: 'password', required: true, autocomplete: 'new-password', hint: '12 characters or more' }),
      h('button', { class: 'main' }, 'Create an account')),
    formOf({ id: 'login', 'aria-labelledby': 'is-known' }, ({ username, secret }) => enter(username, secret),
      h('h2', { id: 'is-known' }, 'I have an account'),
      field('Email address or user name', 'username', { required: true, autocomplete: 'username' }),
      field('Password', 'secret', { type: 'password', required: true, autocomplete: 'current-password' }),
      h('button', { class: 'main' }, 'Log in'))));
};
const names = new Intl.DisplayNames('en', { type: 'region' });
const countries = 'AT AU BE CA CH CZ DE DK ES FI FR GB GR HU IE IN IT JP LU MX NL NO NZ PL PT SE US'.split(' ').map((code) => [code, names.of(code)]);
/** What is typed at the checkout, for whoever goes back once more; and the key of the order, so that it is placed once. */
const draft = { address: {}, codes: [], method: null, sent: null, key: null };
const checkoutPage = async () => {
  if (!isLoggedIn()) { location.replace('#/account?next=/checkout'); return null; }
  const [me, lines] = await Promise.all([call.showMe(), cartLines()]);
  if (lines.length === 0) { location.replace('#/cart'); return null; }
  const [options, summary, codes] = [h('fieldset', { class: 'options' }), h('div', { role: 'status' }), h('ul', { class: 'codes' })];
  const at = (label, name, given) => field(label, `shipping_address.${name}`, { value: draft.address[name], ...given });
  let [quoted, asked] = [null, 0];
  const order = h('button', { class: 'main', disabled: true }, 'Order and pay');
  const place = async (given, form) => {
    draft.address = addressIn(form);
    const body = { shipping_address: draft.address, shipping_method: draft.method, coupon_codes: draft.codes, expected_total: quoted.totals.total };
    const sent = JSON.stringify([body, lines]);
    if (draft.sent !== sent) Object.assign(draft, { sent, key: random() });
    const placed = await call.placeOrder({ body, key: draft.key }).catch(async (problem) => { await requote(form); throw problem; });
    Object.assign(draft, { codes: [], method: null, sent: null });
    await showCount();
    location.hash = `/orders/${placed.id}`;
  };
  const form = formOf({ class: 'two', id: 'checkout' }, place,
    h('div', null, h('h2', null, 'Where to'),
      at('Name', 'name', { required: true, autocomplete: 'name', value: draft.address.name ?? me.customer?.name }),
      at('Street and number', 'line1', { required: true, autocomplete: 'address-line1' }),
      at('Postal code', 'postal_code', { required: true, autocomplete: 'postal-code' }),
      at('City', 'city', { required: true, autocomplete: 'address-level2' }),
      at('State or region', 'region', { autocomplete: 'address-level1', hint: 'Where addresses have one, such as CA or NY' }),
      at('Country', 'country', { autocomplete: 'country', value: draft.address.country ?? 'DE', options: countries }), options),
    h('aside', null, h('h2', null, 'Your order'), summary, codes,
      h('p', { class: 'field code' }, h('label', { for: 'code' }, 'Promotion code'), h('input', { id: 'code', maxlength: 64, autocomplete: 'off' }),
        h('button', { class: 'quiet', type: 'button', onclick: () => use([...draft.codes, byId('code').value.trim()]) }, 'Apply')), order));
  const use = (given) => {
    draft.codes = [...new Set(given)].filter(Boolean);
    byId('code').value = '';
    requote(form);
  };
  const render = (quote) => {
    quoted = quote;
    if (!quote.estimated) draft.method = quote.shipping_options.find(({ selected }) => selected)?.code ?? null;
    const days = ({ min_days: min, max_days: max }) => (max === null ? '' : min === max ? `, ${plural(max, 'day')}` : `, ${min} to ${max} days`);
    const costOf = ({ amount, discount }) => (amount.amount > discount.amount ? money({ ...amount, amount: amount.amount - discount.amount }) : 'Free');
    const focused = document.activeElement?.id;
    const choose = (code) => { draft.method = code; requote(form); };
    fill(options, h('legend', null, 'Shipping'), quote.shipping_options.map((option) => h('label', { class: 'pill wide' },
      h('input', { type: 'radio', id: `method-${option.code}`, name: 'method', checked: option.selected, onchange: () => choose(option.code) }),
      `${option.name}${days(option)}`, h('strong', null, costOf(option)))));
    options.hidden = quote.shipping_options.length === 0;
    if (focused?.startsWith('method-')) byId(focused)?.focus();
    const drop = (code) => use(draft.codes.filter((other) => other !== code));
    fill(codes, quote.codes.map(({ code, applied, message }) => h('li', { class: applied ? 'in-stock' : 'sold-out' },
      `${code}: ${applied ? 'applied' : message ?? 'does not apply'}`,
      h('button', { class: 'quiet', type: 'button', onclick: () => drop(code) }, 'Remove', hidden(` ${code}`)))));
    const known = { address_missing: quote.estimated, shipping_method_missing: draft.method };
    const problems = quote.problems.filter(({ code }) => !known[code]);
    fill(summary, totalsOf(quote), quote.estimated && h('p', { class: 'quiet-text' }, 'Estimated until your address is complete.'),
      problems.map(({ message }) => h('p', { class: 'sold-out' }, message)));
    order.disabled = quote.estimated || problems.length > 0;
  };
  const requote = async (of) => {
    const [turn, isComplete] = [++asked, of.checkValidity()];
    const body = { coupon_codes: draft.codes, ...(isComplete && { shipping_address: addressIn(of), shipping_method: draft.method }) };
    await attempt(async () => {
      let quote = await call.quotePurchase({ body });
      const goes = quote.shipping_options.some(({ selected }) => selected);
      if (isComplete && draft.method && !goes) quote = await call.quotePurchase({ body: { ...body, shipping_method: null } });
      if (turn === asked) { refuse(of, null); render(quote); }
    }, (problem) => { order.disabled = true; refuse(of, problem, false); });
  };
  form.addEventListener('input', later(400, (event) => event.target.name?.startsWith('shipping_address') && requote(form)));
  await requote(form);
  return titled('Checkout', form);
};
const addressIn = (form) => Object.fromEntries(Object.entries(valuesOf(form)).map(([name, value]) => [name.split('.')[1], value]).filter(([name]) => name));
/** The lines and sums of a quote or an order. */
const totalsOf = ({ items, totals, taxes, adjustments, prices_include_tax: includesTax }) => {
  const row = (name, amount, kind) => [h('dt', { class: kind }, name), h('dd', { class: kind }, money(amount))];
  const discounts = new Map();
  for (const { kind, label, amount } of adjustments) if (kind === 'discount') discounts.set(label, (discounts.get(label) ?? 0) + amount.amount);
  const included = includesTax ?? adjustments.some(({ kind, included: is }) => kind === 'tax' && is);
  return h('dl', { class: 'totals' }, items.map((item) => row(`${item.quantity} × ${item.name}`, item.line_total)), row('Subtotal', totals.subtotal, 'line'),
    [...discounts].map(([label, amount]) => row(label, { ...totals.total, amount })), row('Shipping', totals.shipping),
    taxes.map(({ name, rate_ppm: rate, tax }) => tax.amount !== 0 && row(`${included ? 'Included: ' : ''}${name}, ${rate / 10000} %`, tax)),
    totals.rounding.amount !== 0 && row('Rounding', totals.rounding), row('Total', totals.total, 'total'));
};

// An order, live
const EVENTS = ['order.paid', 'order.payment_pending', 'order.payment_failed', 'order.cancelled', 'order.status_changed', 'order.updated',
  'payment.authorised', 'payment.captured', 'payment.voided', 'refund.created', 'refund.succeeded', 'refund.failed'];
const STEPS = ['placed', 'processing', 'shipped', 'delivered'];
const words = (code) => code[0].toUpperCase() + code.slice(1).replaceAll('_', ' ');
const day = (time) => new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
const moment = (time) => new Date(time).toLocaleString('en-GB', { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });
/** Calls `changed` after each event of an order; if there is no stream of them, every 5 seconds. Returns what ends it. */
const watch = (id, changed) => {
  let [source, timer, last, hasEnded] = [null, null, 0, false];
  const ask = () => { if (!hasEnded) timer = setTimeout(() => changed().finally(ask), 5000); };
  const open = async () => {
    const { ticket } = await call.createStreamTicket({ id, body: {} });
    if (hasEnded) return;
    source = follow(id, { ticket, after: last });
    const soon = later(100, changed);
    EVENTS.forEach((type) => source.addEventListener(type, (event) => { last = event.lastEventId; soon(); }));
    const again = () => { changed(); open().catch(ask); };
    source.onerror = () => { if (source.readyState === EventSource.CLOSED && !hasEnded) timer = setTimeout(again, 5000); };
  };
  open().catch(ask);
  return () => { hasEnded = true; source?.close(); clearTimeout(timer); };
};
const orderPage = async ([id]) => {
  if (!isLoggedIn()) { location.replace(`#/account?next=/orders/${id}`); return null; }
  const [state, pay, sums] = [h('section', { role: 'status' }), h('section'), h('aside')];
  let [shown, paying] = [null, null];
  const update = async () => {
    const [order, tracking] = await Promise.all([call.showOrder({ id }), call.trackOrder({ id })]);
    shown = order;
    const steps = order.status === 'cancelled' ? new Set(tracking.history.map(({ status }) => status)) : STEPS;
    fill(state, h('ol', { class: 'steps' }, [...steps].map((step) => {
      const reached = tracking.history.find(({ status }) => status === step);
      return h('li', { class: reached && 'done', 'aria-current': order.status === step ? 'step' : null }, words(step), reached && h('small', null, moment(reached.at)));
    })), h('p', null, 'Payment: ', h('strong', { class: 'payment' }, words(order.payment_status)), order.pay_by && `, until ${moment(order.pay_by)}`),
    tracking.tracking_number && h('p', null, `Sent with ${tracking.carrier ?? 'a carrier'}, number ${tracking.tracking_number}`),
    !['cancelled', 'delivered'].includes(order.status) && order.expected_delivery && h('p', null, `Expected on ${day(order.expected_delivery)}`));
    fill(sums, h('h2', null, 'What you ordered'), totalsOf(order));
    const isDue = order.amounts.due.amount > 0 && ['unpaid', 'pending'].includes(order.payment_status) && order.status !== 'cancelled';
    if (isDue !== paying) { paying = isDue; fill(pay, isDue && await payOf(order, update)); }
  };
  await update();
  const page = titled(`Order ${shown.number}`, h('p', { class: 'quiet-text' }, `Placed on ${moment(shown.placed_at)}`), state, h('div', { class: 'two' },
    h('div', null, pay, h('h2', null, 'Where it goes'), h('address', null, addressOf(shown.shipping_address))), sums));
  return { ...page, leave: watch(id, () => attempt(update)) };
};
const LINES = ['name', 'line1', 'line2', 'postal_code', 'city', 'region', 'country'];
const addressOf = (address) => LINES.map((name) => address?.[name] && h('span', null, address[name]));
/** How an order is paid. The test provider takes no money: one chooses how its card behaves. */
const payOf = async ({ id, amounts }, update) => {
  const { items } = await call.listPaymentMethods({ query: { order_id: id } });
  const [forms, next] = [h('div'), h('div', { role: 'status' })];
  const go = async (payment) => {
    const { type, text, url } = payment.next_action ?? {};
    const act = (outcome) => attempt(async () => {
      await call.actAtTestProvider({ reference: payment.reference, body: { outcome } });
      await go(await call.syncPayment({ id: payment.id, body: {} }));
    });
    forms.hidden = type === 'test';
    fill(next, payment.last_error && h('p', { class: 'sold-out' }, payment.last_error.message), text && h('p', null, text),
      url && h('a', { class: 'main', href: url }, 'Go on to the payment'),
      type === 'test' && h('div', { class: 'pay' }, h('p', { class: 'field' }, 'The bank of the test card asks whether you pay.'),
        h('button', { class: 'main', onclick: () => act('pay') }, 'Yes, pay'), ' ', h('button', { onclick: () => act('decline') }, 'No, decline')));
    await update();
  };
  const cards = [['ok', 'A card that works'], ['declined', 'A card that is declined'], ['requires_action', 'A card whose bank asks']];
  fill(forms, items.filter(({ usable }) => usable).map(({ provider, name }) => formOf({ class: 'pay' }, async ({ method }) =>
    go(await call.beginPayment({ id, body: { provider, ...(method && { method }) }, key: random() })),
  provider === 'test' && field('Test card', 'method', { options: cards }), h('button', { class: 'main' }, `Pay ${money(amounts.due)}`, hidden(` by ${name}`)))));
  return [h('h2', null, 'Pay'), forms, next];
};

// Which page is shown
const PAGES = [[/^\/$/, listPage], [/^\/products\/([\w-]+)$/, productPage], [/^\/groups\/([\w-]+)$/, groupPage], [/^\/cart$/, cartPage],
  [/^\/account$/, accountPage], [/^\/checkout$/, checkoutPage], [/^\/orders\/([\w-]+)$/, orderPage]];
let [visit, path, leave] = [0, null, null];
const show = async () => {
  const turn = ++visit;
  const [at, search = ''] = (location.hash.slice(1) || '/').split('?');
  const query = new URLSearchParams(search);
  const [pattern, page] = PAGES.find(([one]) => one.test(at)) ?? [];
  byId('main').setAttribute('aria-busy', 'true');
  const back = h('p', null, h('a', { href: '#/' }, 'To the shop'));
  const shown = await attempt(() => (page ? page(pattern.exec(at).slice(1), query) : titled('There is no such page', back)),
    (problem) => (problem.status === 401 ? location.replace(`#/account?next=${at}`) : titled('Sorry', alertOf(problem), back)));
  if (turn !== visit || !shown) { shown?.leave?.(); return; }
  leave?.();
  leave = shown.leave;
  const focused = document.activeElement?.id;
  fill(byId('main'), shown.nodes);
  byId('main').removeAttribute('aria-busy');
  document.title = `${shown.title} · Corner Shop`;
  byId('q').value = document.activeElement === byId('q') ? byId('q').value : query.get('q') ?? '';
  if (at === path) { if (focused) byId(focused)?.focus({ preventScroll: true }); return; }
  if (path !== null) { scrollTo(0, 0); document.querySelector('main h1')?.focus({ preventScroll: true }); byId('notice').replaceChildren(); }
  path = at;
};
const search = () => { location.hash = `/?${new URLSearchParams(valuesOf(byId('search')))}`; };
byId('search').addEventListener('submit', (event) => { event.preventDefault(); search(); });
byId('q').addEventListener('input', later(250, search));
byId('to-docs').href = new URL('/docs', API).href;
addEventListener('hashchange', show);
attempt(showCount);
show();
