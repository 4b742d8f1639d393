// SPDX-License-Identifier: GPL-2.0
// Functions hot enough to be compiled, code that is thrown away, and a heap with
// several generations.
let kept = [];
let round = 0;

function work() {
	const f = new Function('n', `let s = ${round}; for (let i = 0; i < n; i++) s = (s * 31 + i) | 0; return s;`);
	let sum = 0;
	for (let i = 0; i < 300; i++)
		sum += f(300);
	kept.push({ sum, text: String(sum).repeat(200), list: new Float64Array(1 + Math.abs(sum) % 997) });
	if (kept.length > 3000)
		kept = kept.slice(2000);
	round++;
	setImmediate(work);
}
work();
