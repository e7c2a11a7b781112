answer.headers["Access-Control-Allow-Origin"] = "*"  # hit
answer.headers.setdefault("Access-Control-Allow-Origin", request.headers["Origin"])  # hit
CORS(app)  # hit
