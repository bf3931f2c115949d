# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/ToolGateway.Host -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
COPY policies /policies
# The root file system may be read-only: only the audit volume is written to.
ENV DOTNET_EnableDiagnostics=0
VOLUME /audit
USER 65532:65532
EXPOSE 8443 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/app/toolgateway", "health", "http://127.0.0.1:8081/readyz"]
ENTRYPOINT ["/app/toolgateway"]
CMD ["serve", "--config", "/config/appsettings.json"]
