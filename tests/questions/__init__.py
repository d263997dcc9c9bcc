"""Questions of citizens, their answers, and complaints."""
