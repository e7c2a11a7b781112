import pdb

breakpoint()  # hit
pdb.set_trace()  # hit
app.run(port=8000, debug=True)  # hit
app.config["DEBUG"] = True  # hit
