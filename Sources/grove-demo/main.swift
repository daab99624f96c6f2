print("grove-demo")
