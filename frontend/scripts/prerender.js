/**
 * After the build: the start page as words in each language (start.en.html …),
 * and the shell of the join page with its parts asked for at once (join.html).
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { directionOf, locales, scriptNeeded, startPage } from '../node_modules/.prerender/prerender.js';

const folder = '../sessions/web/static';
const shell = readFileSync(`${folder}/index.html`, 'utf8');
const manifest = JSON.parse(readFileSync(`${folder}/.vite/manifest.json`, 'utf8'));

const plain = shell.replace('<!--words-->', scriptNeeded());
writeFileSync(`${folder}/index.html`, plain);
writeFileSync(`${folder}/join.html`, asking(plain, 'src/pages/Join.svelte'));
for (const locale of locales) {
	const page = shell
		.replace('lang="en" dir="ltr"', `lang="${locale}" dir="${directionOf(locale)}"`)
		.replace(/\s*<meta name="robots"[^>]*>/, '')
		.replace('<!--words-->', () => startPage(locale));
	writeFileSync(`${folder}/start.${locale}.html`, asking(page, 'src/pages/Start.svelte'));
}
rmSync('node_modules/.prerender', { recursive: true });

/** The same shell, with what a page consists of named in its head. */
function asking(html, page) {
	const chunks = [...parts(page)].filter((name) => !manifest[name].isEntry).map((name) => manifest[name]);
	const links = [
		...chunks.map((chunk) => `<link rel="modulepreload" crossorigin href="/${chunk.file}">`),
		...chunks
			.flatMap((chunk) => chunk.css ?? [])
			.map((css) => `<link rel="stylesheet" crossorigin href="/${css}">`),
	];
	const missing = links.filter((link) => !html.includes(link.slice(link.indexOf('href='))));
	return html.replace('</head>', `\t${missing.join('\n\t\t')}\n\t</head>`);
}

function parts(name, found = new Set()) {
	if (found.has(name)) return found;
	found.add(name);
	for (const needed of manifest[name].imports ?? []) parts(needed, found);
	return found;
}
