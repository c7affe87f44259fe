"""What the data must be, made from the cards: suites here, rules of findings later. Imports the floor below only; runs nothing."""
