const until = performance.now() + 1500;
while (performance.now() < until);
