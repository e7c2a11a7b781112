def pay(amount, person):
    assert amount > 0  # hit
    assert person.may_pay, "not allowed"  # hit
